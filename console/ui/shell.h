// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>

#include "core/services.h"

class wxString;

namespace anahtar::ui {

enum class Notice { plain, good, stop };

/// What a view may ask of the window it is in. [ui]
class Shell {
 public:
  virtual ~Shell() = default;
  virtual core::Services& services() = 0;
  virtual const core::Session& session() const = 0;

  /// One sentence at the top of the page, until the next one or until it is put away.
  virtual void notice(Notice kind, const wxString& sentence) = 0;
  /// The same with a button for what may be done about it.
  virtual void notice(Notice kind, const wxString& sentence, const wxString& button, std::function<void()> pressed) = 0;
  virtual void clear_notice() = 0;

  virtual void show_ticket(core::TicketNumber ticket) = 0;
  virtual void show_find() = 0;
  virtual void show_call(const core::CallMatch& match) = 0;
  /// Somebody picks the right subscriber for a ticket; gets nullptr when they give up.
  virtual void pick_subscriber(std::function<void(const core::SubscriberLine*)> picked) = 0;
  /// Back to the ticket (or to emptiness when there is none).
  virtual void back_to_ticket() = 0;
  /// Something changed that the queue shows.
  virtual void refresh_queue() = 0;
};

/// A failure as a notice.
void show_failure(Shell& shell, const core::Failure& failure);

}  // namespace anahtar::ui
