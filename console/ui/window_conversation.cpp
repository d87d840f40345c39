// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window_conversation.h"

#include "ui/background.h"

namespace anahtar::ui {

template <class Deliver>
void WindowConversation::deliver(Deliver deliver) {
  on_ui_thread([self = shared_from_this(), deliver = std::move(deliver)] {
    if (self->view_ != nullptr) deliver(*self->view_);
  });
}

void WindowConversation::answer(sdk::Answers answers) {
  {
    const std::lock_guard lock(mutex_);
    answers_ = std::move(answers);
  }
  changed_.notify_all();
}

void WindowConversation::detach() {
  view_ = nullptr;
  {
    const std::lock_guard lock(mutex_);
    detached_ = true;
  }
  changed_.notify_all();
}

sdk::Answers WindowConversation::ask(const sdk::Form& form, const std::vector<core::FieldProblem>& problems,
                                     std::stop_token stop) {
  {
    const std::lock_guard lock(mutex_);
    answers_.reset();
  }
  deliver([form, problems](RunView& view) { view.on_ask(form, problems); });

  const std::stop_callback wake(stop, [this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  const auto ready = [&] { return answers_.has_value() || detached_ || stop.stop_requested(); };
  if (form.expires) {
    if (!changed_.wait_until(lock, *form.expires, ready)) {
      lock.unlock();
      deliver([](RunView& view) { view.on_form_closed(); });
      sdk::Answers late;
      late.out_of_time = true;
      return late;
    }
  } else {
    changed_.wait(lock, ready);
  }
  if (!answers_) throw sdk::Cancelled();
  sdk::Answers given = std::move(*answers_);
  answers_.reset();
  return given;
}

void WindowConversation::show(const core::Text& notice) {
  deliver([notice](RunView& view) { view.on_show(notice); });
}

void WindowConversation::reveal(const sdk::Secret& secret, sdk::Audience audience) {
  {
    const std::lock_guard lock(mutex_);
    revealed_ = false;
  }
  auto copy = std::make_shared<sdk::Secret>(secret.duplicate());
  deliver([this, copy, audience](RunView& view) {
    view.on_reveal(*copy, audience);
    {
      const std::lock_guard lock(mutex_);
      revealed_ = true;
    }
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return revealed_ || detached_; });
  if (!revealed_) throw sdk::Cancelled();
}

void WindowConversation::progress(double fraction, const core::Text& sentence) {
  deliver([fraction, sentence](RunView& view) { view.on_progress(fraction, sentence); });
}

void WindowConversation::ended(const core::Result<core::Text>& result) {
  deliver([result](RunView& view) { view.on_ended(result); });
}

}  // namespace anahtar::ui
