// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recordings.h"

#include "core/civil_questions.h"
#include "core/commit_unit.h"
#include "core/permission.h"
#include "core/ticket_rules.h"

namespace anahtar::core {
namespace {

constexpr std::chrono::days looked_back{90};
constexpr std::int64_t megabyte = 1024 * 1024;

/// A recording often comes when the call and its ticket are over.
std::optional<Objection> objection_to_attach(const Session& session, const Ticket& ticket) {
  Ticket open = ticket;
  open.state = TicketState::open;
  if (!ticket.subscriber)
    return Objection{"subscriber", {Code::refused, tr("The ticket has no subscriber yet. Find the caller first.")}};
  return objection_to_work(session, open);
}

Record record_of_recording(Record record, const Recording& recording) {
  record.fields.insert({{Tag::recording, std::to_string(recording.id)}, {Tag::kind, recording.kind}});
  if (!recording.reference.empty()) record.fields[Tag::reference] = recording.reference;
  if (recording.sha256.empty()) return record;
  record.fields.insert({{Tag::digest, recording.sha256},
                        {Tag::size, std::to_string(recording.bytes)},
                        {Tag::length, std::to_string(recording.milliseconds)}});
  return record;
}

}  // namespace

Result<SubscriberId> Recordings::subscriber_of(const Session& session, TicketNumber number) {
  return guarded([&]() -> Result<SubscriberId> {
    check_session(reader_, session);
    const Ticket ticket = ticket_or_throw(reader_, number);
    if (const auto no = objection_to_attach(session, ticket)) return std::unexpected(no->why);
    return *ticket.subscriber;
  });
}

Result<> Recordings::attach(const Session& session, TicketNumber number, Recording& recording) {
  return work_on_ticket(
      reader_, writer_, session, number, "recording.attach", objection_to_attach, [&](Transaction& tx, Ticket& ticket) {
        if (recording.subscriber != 0 && recording.subscriber != *ticket.subscriber)
          throw FailureError({Code::conflict, tr("The ticket's subscriber was changed meanwhile. Attach it again.")});
        if (const auto known = recording.sha256.empty() ? std::nullopt : tx.recording_with(recording.sha256))
          throw FailureError({Code::refused, tr("This recording belongs to ticket #{1} already. Choose the recording of this call.",
                                                std::to_string(known->ticket))});
        recording.ticket = number;
        recording.subscriber = *ticket.subscriber;
        recording.attached = ticket.updated = clock_.now();
        recording.attached_by = session.name;
        tx.save(recording);
        tx.record(record_of_recording(record_of(session, record_type::recording_attached, tx, ticket), recording));
        if (recording.kind == "file") verification_.count_as_recorded(tx, session, ticket);
      });
}

Result<Recording> Recordings::attach_file(const Session& session, TicketNumber number, const std::filesystem::path& wav) {
  if (!sound_ || !folder_) return failure(Code::unavailable, tr("This console has no folder for recordings."));
  const auto subscriber = subscriber_of(session, number);
  // A refusal is recorded by the attempt itself.
  Recording none{.id = 0, .ticket = {}, .subscriber = {}, .kind = "file", .reference = {}, .file = {}, .sha256 = {}, .attached = {},
                 .attached_by = {}};
  if (!subscriber) {
    const auto refused = attach(session, number, none);
    return std::unexpected(refused ? subscriber.error() : refused.error());
  }
  return attach_sealed(session, number, wav, *subscriber);
}

Result<Recording> Recordings::attach_sealed(const Session& session, TicketNumber number,
                                            const std::filesystem::path& wav, SubscriberId subscriber) {
  const RecordingPolicy policy = verification_.policy(reader_).recordings;
  const std::int64_t largest = policy.largest_megabytes * megabyte;
  const auto facts = sound_->inspect(wav, largest);
  if (!facts) return std::unexpected(facts.error());
  if (std::chrono::milliseconds(facts->milliseconds) < policy.shortest)
    return failure(Code::invalid, tr("The recording lasts less than {1} seconds: it cannot be that of the call. Attach the recording of the whole call.",
                                     std::to_string(policy.shortest.count())));
  const auto sealed = folder_->seal(subscriber, wav, largest);
  if (!sealed) return std::unexpected(sealed.error());
  if (sealed->sha256 != facts->sha256) {
    folder_->drop(sealed->name);
    return failure(Code::conflict, tr("The file changed while it was read. Attach it again when it is complete."));
  }
  Recording recording{.id = 0,
                      .ticket = number,
                      .subscriber = subscriber,
                      .kind = "file",
                      .reference = wav.filename().string(),
                      .file = sealed->name,
                      .sha256 = sealed->sha256,
                      .bytes = facts->bytes,
                      .milliseconds = facts->milliseconds,
                      .attached = {},
                      .attached_by = {}};
  if (const auto attached = attach(session, number, recording); !attached) {
    folder_->drop(sealed->name);
    return std::unexpected(attached.error());
  }
  return recording;
}

Result<Recording> Recordings::attach_reference(const Session& session, TicketNumber number,
                                               const std::string& reference) {
  const auto given = required_text(reference, tr("Give the telephone system's name for the recording."));
  if (!given) return std::unexpected(given.error());
  Recording recording{.id = 0, .ticket = {}, .subscriber = {}, .kind = "reference", .reference = *given, .file = {}, .sha256 = {},
                      .attached = {}, .attached_by = {}};
  if (const auto attached = attach(session, number, recording); !attached) return std::unexpected(attached.error());
  return recording;
}

Result<std::vector<Recording>> Recordings::list(const Session& session, TicketNumber number) {
  return guarded([&]() -> Result<std::vector<Recording>> {
    if (const auto may = permitted(reader_, writer_, session, desk_roles, "recording.list"); !may)
      return std::unexpected(may.error());
    const auto recorded = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      check_session(tx, session);
      tx.record(record_of(session, record_type::recordings_listed, tx, ticket_or_throw(tx, number)));
      return {};
    });
    if (!recorded) return std::unexpected(recorded.error());
    return reader_.recordings(number);
  });
}

/// Whoever may open it does so from now on: the record is there first.
Result<Recording> Recordings::opened(const Session& session, std::int64_t id, const char* operation,
                                     const std::function<void(Record&)>& fill) {
  return guarded([&]() -> Result<Recording> {
    const bool exported = operation == std::string_view(record_type::recording_exported);
    if (const auto may = permitted(reader_, writer_, session, {Role::supervisor},
                                   exported ? "recording.export" : "recording.play");
        !may)
      return std::unexpected(may.error());
    const auto recording = reader_.recording(id);
    if (!recording) return failure(Code::not_found, tr("There is no recording {1}.", std::to_string(id)));
    if (recording->file.empty() || !folder_)
      return failure(Code::refused, tr("The desk has no file of this recording. Ask the telephone system for it."));
    const auto recorded = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      check_session(tx, session);
      Record record = record_of(session, operation, tx, ticket_or_throw(tx, recording->ticket));
      fill(record);
      tx.record(record_of_recording(std::move(record), *recording));
      return {};
    });
    if (!recorded) return std::unexpected(recorded.error());
    return *recording;
  });
}

Result<> Recordings::export_to(const Session& session, std::int64_t id, const std::filesystem::path& target,
                               const std::string& reason) {
  const auto why = required_text(reason, tr("Give the reason for opening the recording."));
  if (!why) return std::unexpected(why.error());
  const auto recording = opened(session, id, record_type::recording_exported, [&](Record& record) {
    record.fields[Tag::reason] = *why;
    record.fields[Tag::file] = target.filename().string();
  });
  if (!recording) return std::unexpected(recording.error());
  return folder_->open(recording->subscriber, recording->file, recording->sha256, target);
}

Result<> Recordings::play(const Session& session, std::int64_t id) {
  if (!output_) return failure(Code::unavailable, tr("Nothing can play sounds here."));
  const auto recording = opened(session, id, record_type::recording_played, [](Record&) {});
  if (!recording) return std::unexpected(recording.error());
  auto sound = folder_->read(recording->subscriber, recording->file, recording->sha256);
  if (!sound) return std::unexpected(sound.error());
  return output_->start(std::move(*sound));
}

void Recordings::stop_playing() {
  if (output_) output_->stop();
}

bool Recordings::play_failed() const { return output_ && output_->failed(); }

bool Recordings::playing() const { return output_ && output_->playing(); }

Result<> Recordings::mark_missing() {
  return guarded([&]() -> Result<> {
    const auto within = verification_.policy(reader_).recordings.within;
    if (within == std::chrono::minutes(0)) return {};
    const Time now = clock_.now();
    for (const TicketNumber number : reader_.tickets_without_recording(civil_method, now - looked_back, now - within)) {
      const auto marked = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
        const Ticket ticket = ticket_or_throw(tx, number);
        if (!ticket.subscriber || !tx.recordings(number).empty()) return {};  // another console was faster
        Recording mark{.id = 0, .ticket = number, .subscriber = *ticket.subscriber, .kind = "missing", .reference = {}, .file = {},
                       .sha256 = {}, .attached = now, .attached_by = {}};
        tx.save(mark);
        Record record = record_of(Session{}, record_type::recording_missing, tx, ticket);
        record.role.clear();
        tx.record(std::move(record));
        return {};
      });
      if (!marked) return marked;
    }
    return {};
  });
}

Result<std::vector<TicketNumber>> Recordings::missing(const Session& session) {
  return guarded([&]() -> Result<std::vector<TicketNumber>> {
    if (const auto may = permitted(reader_, writer_, session, {Role::supervisor}, "recording.missing"); !may)
      return std::unexpected(may.error());
    return reader_.tickets_missing_recording();
  });
}

}  // namespace anahtar::core
