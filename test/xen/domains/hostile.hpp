// SPDX-License-Identifier: BSD-3-Clause
/// Ends of a device that do what they like: the mains of domains which the other end must survive.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace unicore::test {

using Random = std::mt19937_64;

/// A front-end in this domain with anything in its nodes, its ring and its states, for `rounds`.
void hostile_front(Random& random, unsigned back, unsigned rounds);
/// A back-end in this domain, the same.
void hostile_back(Random& random, unsigned front, unsigned rounds);

/// What a node may have in it: mostly something that nearly is right.
std::string odd_value(Random& random);

}  // namespace unicore::test
