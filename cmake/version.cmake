# SPDX-License-Identifier: BSD-3-Clause
set(UNICORE_VERSION 0.1.0)
