// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record.h"

namespace anahtar::core {

std::string_view to_string(Tag tag) {
  switch (tag) {
    case Tag::action: return "action";
    case Tag::run: return "run";
    case Tag::outcome: return "outcome";
    case Tag::method: return "method";
    case Tag::level: return "level";
    case Tag::refusal: return "refusal";
    case Tag::count: return "count";
    case Tag::until: return "until";
    case Tag::operator_name: return "operator_name";
    case Tag::role: return "role";
    case Tag::plugin: return "plugin";
    case Tag::version: return "version";
    case Tag::channel: return "channel";
    case Tag::priority: return "priority";
    case Tag::cause: return "cause";
    case Tag::state: return "state";
    case Tag::message_kind: return "message_kind";
    case Tag::message_id: return "message_id";
    case Tag::digest: return "digest";
    case Tag::session: return "session";
    case Tag::change_kind: return "change_kind";
    case Tag::query_kind: return "query_kind";
    case Tag::approval: return "approval";
    case Tag::execution: return "execution";
    case Tag::reason: return "reason";
    case Tag::note: return "note";
    case Tag::query: return "query";
    case Tag::ticket_number: return "ticket_number";
    case Tag::change: return "change";
    case Tag::number: return "number";
    case Tag::caller: return "caller";
    case Tag::detail: return "detail";
    case Tag::file: return "file";
    case Tag::document: return "document";
    case Tag::address: return "address";
    case Tag::call_back: return "call_back";
    case Tag::recording: return "recording";
    case Tag::size: return "size";
    case Tag::length: return "length";
    case Tag::kind: return "kind";
    case Tag::reference: return "reference";
    case Tag::card_family: return "card_family";
    case Tag::way: return "way";
    case Tag::key_version: return "key_version";
    case Tag::kcv: return "kcv";
    case Tag::place: return "place";
    case Tag::card_serial: return "card_serial";
  }
  return "";
}

}  // namespace anahtar::core
