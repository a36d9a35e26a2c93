// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform/host/images.hpp>

namespace unicore::platform::host {
namespace {

constinit unsigned current = 0;
constinit ImageVariables* first = nullptr;

}  // namespace

unsigned& current_image() noexcept { return current; }

void forget_images() noexcept {
    for (ImageVariables* variables = first; variables != nullptr; variables = variables->next_) variables->forget();
}

ImageVariables::ImageVariables() noexcept : next_(first) { first = this; }

ImageVariables::~ImageVariables() {
    ImageVariables** link = &first;
    while (*link != this) link = &(*link)->next_;
    *link = next_;
}

}  // namespace unicore::platform::host
