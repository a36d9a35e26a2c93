// SPDX-License-Identifier: BSD-3-Clause
/// Several images in one process, for tests in which they meet. One runs at a time.
#pragma once

namespace unicore::platform::host {

/// The image whose code runs now; 0 unless a test says otherwise.
unsigned& current_image() noexcept;

/// Destroys the variables of all images: the next reach makes new ones, as a start of the image does.
void forget_images() noexcept;

/// A variable of which each image has its own; they know of each other, for forget_images.
class ImageVariables {
protected:
    ImageVariables() noexcept;
    ~ImageVariables();
    ImageVariables(const ImageVariables&) = delete;
    ImageVariables& operator=(const ImageVariables&) = delete;

private:
    friend void forget_images() noexcept;
    virtual void forget() noexcept = 0;

    ImageVariables* next_;
};

}  // namespace unicore::platform::host
