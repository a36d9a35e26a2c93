// SPDX-License-Identifier: BSD-3-Clause
#include <exception>
#include <format>
#include <map>
#include <print>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// A warehouse that refuses to hand out what it does not have.
class Warehouse {
public:
    void add(const std::string& what, int count) { stock_[what] += count; }

    void take(const std::string& what, int count) {
        const auto found = stock_.find(what);
        if (found == stock_.end()) throw std::out_of_range("there is no " + what);
        if (found->second < count) throw std::runtime_error(std::format("only {} of {} are there", found->second, what));
        found->second -= count;
    }

private:
    std::map<std::string, int> stock_;
};

/// Says when a delivery begins and that it ends, whatever happens in between.
class Delivery {
public:
    explicit Delivery(std::string_view customer) : customer_(customer) { std::println("{}: begin", customer_); }
    ~Delivery() { std::println("{}: end", customer_); }

private:
    std::string_view customer_;
};

struct Order {
    std::string what;
    int count;
};

void deliver(Warehouse& warehouse, std::string_view customer, const std::vector<Order>& orders) try {
    const Delivery delivery(customer);
    for (const auto& [what, count] : orders) {
        warehouse.take(what, count);
        std::println("{}: {} {}", customer, count, what);
    }
} catch (const std::exception& problem) {
    std::println("{}: sorry, {}", customer, problem.what());
}

/// With an argument, something that nobody catches.
int main(int count, char** arguments) {
    Warehouse warehouse;
    warehouse.add("lamps", 3);
    warehouse.add("chairs", 10);
    deliver(warehouse, "Ada", {{"lamps", 2}, {"chairs", 4}});
    deliver(warehouse, "Grace", {{"chairs", 5}, {"lamps", 2}});
    deliver(warehouse, "Alan", {{"bombes", 1}});
    if (count > 1) warehouse.take(arguments[1], 1);
}
