// SPDX-License-Identifier: BSD-3-Clause
// The runner, whose status is how many test cases failed.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
