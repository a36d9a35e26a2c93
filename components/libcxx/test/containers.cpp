// SPDX-License-Identifier: BSD-3-Clause
// Lightly: they are headers, which their authors test. [ISO C++23, containers, algorithms, ranges, strings]
#include "suites.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <numeric>
#include <queue>
#include <random>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <valarray>
#include <vector>

namespace unicore::libcxx {
namespace {

void sequences(debug::Check& check) {
    std::vector<std::string> words{"pear", "apple", "fig"};
    words.emplace_back("plum");
    std::sort(words.begin(), words.end());
    check(words == std::vector<std::string>{"apple", "fig", "pear", "plum"}, "vector, sort");
    std::deque<int> deque{2, 3};
    deque.push_front(1);
    std::list<int> list(deque.begin(), deque.end());
    list.reverse();
    const std::forward_list<int> forward{3, 2, 1};
    check(std::equal(list.begin(), list.end(), forward.begin()), "deque, list, forward_list");
    std::priority_queue<int> queue(deque.begin(), deque.end());
    std::string order;
    for (; !queue.empty(); queue.pop()) order += std::to_string(queue.top());
    check(order == "321", "priority_queue");
    std::vector<bool> bits(100);
    bits[63] = true;
    check(std::count(bits.begin(), bits.end(), true) == 1 && std::bitset<70>(1ULL << 63).count() == 1, "bits");
    const std::valarray<int> values{1, 2, 3};
    check((values * 2).sum() == 12, "valarray");
}

void maps(debug::Check& check) {
    std::map<std::string, int> ages{{"Ada", 36}, {"Alan", 41}};
    ages["Grace"] = 85;
    check(ages.size() == 3 && ages.begin()->first == "Ada" && !ages.contains("Kurt"), "map");
    std::unordered_map<int, int> squares;
    for (int i = 0; i < 1000; ++i) squares[i] = i * i;
    bool right = squares.size() == 1000;
    for (int i = 0; i < 1000; ++i) right = right && squares.at(i) == i * i;
    check(right, "unordered_map");
    std::multiset<int> some{3, 1, 3};
    std::unordered_set<std::string> names{"a", "b", "a"};
    check(some.count(3) == 2 && names.size() == 2, "multiset, unordered_set");
    auto node = ages.extract("Ada");
    node.key() = "Ada Lovelace";
    ages.insert(std::move(node));
    check(ages.contains("Ada Lovelace"), "extract");
}

void algorithms(debug::Check& check) {
    std::vector<int> numbers(1000);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::mt19937 generator(20261126);
    std::shuffle(numbers.begin(), numbers.end(), generator);
    check(!std::ranges::is_sorted(numbers), "shuffle");
    std::nth_element(numbers.begin(), numbers.begin() + 500, numbers.end());
    check(numbers[500] == 500, "nth_element");
    std::ranges::stable_sort(numbers, std::greater());
    check(std::ranges::is_sorted(numbers, std::greater()) && numbers.front() == 999, "stable_sort");
    auto even = numbers | std::views::filter([](int number) { return number % 2 == 0; }) |
                std::views::transform([](int number) { return number / 2; }) | std::views::take(3);
    check(std::ranges::equal(even, std::array{499, 498, 497}), "views");
    check(std::accumulate(numbers.begin(), numbers.end(), 0) == 499'500 && std::gcd(12, 18) == 6, "numeric");
    std::uniform_int_distribution<int> die(1, 6);
    std::normal_distribution<double> normal;
    bool right = true;
    double sum = 0;
    for (int i = 0; i < 1000; ++i) {
        const int thrown = die(generator);
        right = right && thrown >= 1 && thrown <= 6;
        sum += normal(generator);
    }
    check(right && sum > -150 && sum < 150, "distributions");
}

void strings(debug::Check& check) {
    std::string text = "unicore";
    text.insert(0, "the ").append(100, '.').erase(11);
    check(text == "the unicore" && text.substr(4).find("core") == 3 && text.rfind('e') == 10, "string");
    check(std::wstring(L"wide").size() == 4 && std::u8string(u8"ä").size() == 2 && std::u16string(u"ä").size() == 1,
          "strings of other characters");
    check(std::stod("2.5e3") == 2500 && std::stoll("-9000000000") == -9'000'000'000 && std::to_string(-17) == "-17",
          "strings and numbers");
    check(std::hash<std::string>()("a") != std::hash<std::string>()("b"), "hash");
}

}  // namespace

void containers(debug::Check& check) noexcept {
    sequences(check);
    maps(check);
    algorithms(check);
    strings(check);
}

}  // namespace unicore::libcxx
