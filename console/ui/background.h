// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <wx/app.h>
#include <wx/weakref.h>
#include <wx/window.h>

#include "core/result.h"

namespace anahtar::ui {

/// Worker threads for calls of services, so that the UI thread only draws. One per console.
class Background {
 public:
  Background();
  ~Background();  ///< waits for what runs; drops what has not begun
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  static Background* instance();

  /// Nothing runs, nothing waits, every result has been delivered. [ui]
  bool idle() const { return pending_ == 0; }
  /// How long the oldest unfinished work has been going on. [ui]
  std::chrono::milliseconds busy_for() const;

  void post(std::function<void()> work);
  void begun();      ///< [ui]
  void delivered();  ///< [ui]

 private:
  void serve();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
  std::size_t pending_ = 0;
  std::chrono::steady_clock::time_point busy_since_{};
};

/// What the one place that meets a defect on a worker thread makes of it.
core::Failure unexpected_failure() noexcept;

/// Runs `deliver` on the UI thread; what it throws is caught and shown. [any]
void on_ui_thread(std::function<void()> deliver);

/// Runs `work` (which gives a core::Result) on a worker thread and then `done(result)` on the UI thread, unless `owner`
/// has gone meanwhile. An exception of `work` becomes a failure. [ui]
template <class Work, class Done>
void in_background(wxWindow* owner, Work work, Done done) {
  using Outcome = std::invoke_result_t<Work>;
  struct Task {  // made and destroyed on the UI thread: wxWeakRef does not stand two threads
    wxWeakRef<wxWindow> owner;
    Work work;
    Done done;
    std::optional<Outcome> outcome;
  };
  Background* background = Background::instance();
  if (background == nullptr) return;
  auto* task = new Task{owner, std::move(work), std::move(done), {}};
  background->begun();
  background->post([task] {
    try {
      task->outcome.emplace(task->work());
    } catch (...) {
      task->outcome.emplace(std::unexpected(unexpected_failure()));
    }
    on_ui_thread([task] {
      const std::unique_ptr<Task> mine(task);
      if (Background::instance() != nullptr) Background::instance()->delivered();
      if (mine->owner) mine->done(std::move(*mine->outcome));
    });
  });
}

}  // namespace anahtar::ui
