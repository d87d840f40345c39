// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/background.h"

#include <wx/log.h>

namespace anahtar::ui {
namespace {

constexpr std::size_t worker_count = 3;  // one may verify a long log while two serve the views
Background* the_background = nullptr;

void deliver_guarded(const std::function<void()>& deliver) {
  try {
    deliver();
  } catch (const std::exception& error) {
    wxLogError("%s", wxString::FromUTF8(error.what()));
  } catch (...) {
    wxLogError("unknown exception");
  }
}

}  // namespace

Background::Background() {
  the_background = this;
  for (std::size_t i = 0; i < worker_count; ++i) threads_.emplace_back([this] { serve(); });
}

Background::~Background() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    waiting_.clear();
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  the_background = nullptr;
}

Background* Background::instance() { return the_background; }

void Background::begun() {
  if (pending_++ == 0) busy_since_ = std::chrono::steady_clock::now();
}

void Background::delivered() {
  if (pending_ > 0) --pending_;
}

std::chrono::milliseconds Background::busy_for() const {
  if (pending_ == 0) return std::chrono::milliseconds(0);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - busy_since_);
}

void Background::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void Background::serve() {
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
      if (ending_) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

core::Failure unexpected_failure() noexcept {
  try {
    throw;
  } catch (const core::FailureError& error) {
    return error.failure;
  } catch (const std::exception&) {
    // what() may hold bound values: it is not shown.
  } catch (...) {
  }
  return {core::Code::internal, sdk::tr("Something went wrong inside the program. Try again; if it happens again, tell "
                                        "your administrator what you were doing.")};
}

void on_ui_thread(std::function<void()> deliver) {
  if (wxTheApp == nullptr) return;
  wxTheApp->CallAfter([deliver = std::move(deliver)] { deliver_guarded(deliver); });
}

}  // namespace anahtar::ui
