// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/labels.h"

namespace anahtar::app {

using sdk::tr;

core::Text label(core::Role role) {
  switch (role) {
    case core::Role::operator_: return tr("operator");
    case core::Role::supervisor: return tr("supervisor");
    case core::Role::field: return tr("field staff");
    case core::Role::administrator: return tr("administrator");
  }
  return {};
}

core::Text label(core::TicketState state) {
  switch (state) {
    case core::TicketState::open: return tr("open");
    case core::TicketState::waiting: return tr("waiting");
    case core::TicketState::closed: return tr("closed");
  }
  return {};
}

core::Text label(core::Priority priority) {
  switch (priority) {
    case core::Priority::low: return tr("low");
    case core::Priority::normal: return tr("normal");
    case core::Priority::high: return tr("high");
    case core::Priority::urgent: return tr("urgent");
  }
  return {};
}

core::Text label(core::Channel channel) {
  switch (channel) {
    case core::Channel::call: return tr("call");
    case core::Channel::desk: return tr("desk");
    case core::Channel::email: return tr("e-mail");
    case core::Channel::other: return tr("other");
  }
  return {};
}

core::Text label(core::Verdict verdict) {
  switch (verdict) {
    case core::Verdict::intact: return tr("intact");
    case core::Verdict::tampered: return tr("tampered");
    case core::Verdict::incomplete: return tr("incomplete");
    case core::Verdict::forked: return tr("forked");
    case core::Verdict::unverifiable: return tr("unverifiable");
  }
  return {};
}

}  // namespace anahtar::app
