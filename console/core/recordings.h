// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <string>

#include "core/sound_output.h"
#include "core/verification.h"

namespace anahtar::core {

/// Recordings of calls, as evidence for verifications by civil-registry data. A WAV file lies sealed in the evidence
/// folder; its SHA-256 stands in the record and in the log. [worker]
class Recordings {
 public:
  /// `sound` and `folder` may be null: files cannot be attached then. `output` may be: nothing can be played then.
  Recordings(Reader& reader, Writer& writer, VerificationDesk& verification, SoundInspector* sound, EvidenceFolder* folder,
             const Clock& clock, SoundOutput* output = nullptr)
      : reader_(reader),
        writer_(writer),
        verification_(verification),
        sound_(sound),
        folder_(folder),
        clock_(clock),
        output_(output) {}

  /// A whole WAV file, also on a closed ticket, by whoever has the ticket or a supervisor. A civil-registry verification
  /// that stands becomes a recorded one.
  Result<Recording> attach_file(const Session& session, TicketNumber ticket, const std::filesystem::path& wav);
  /// The telephone system's name for the recording, as an operator read it there. It ends the wait for a recording; it
  /// makes no verification stronger, because nothing proves it.
  Result<Recording> attach_reference(const Session& session, TicketNumber ticket, const std::string& reference);
  /// Of a ticket, oldest first. Recorded.
  Result<std::vector<Recording>> list(const Session& session, TicketNumber ticket);
  /// The opened file as a new file `target`, by a supervisor, with a reason. Recorded before anything is opened.
  Result<> export_to(const Session& session, std::int64_t recording, const std::filesystem::path& target,
                     const std::string& reason);

  /// Begins to play the file, for a supervisor. Recorded before anything is opened; nothing is written to a disk.
  Result<> play(const Session& session, std::int64_t recording);
  void stop_playing();
  bool playing() const;
  bool play_failed() const;  ///< what was played last could not be heard to its end

  /// Marks the tickets whose recording did not come within the policy's time, with a record each, once. The
  /// records are the program's own: it is the clock that decides.
  Result<> mark_missing();
  /// The tickets that wait for a recording past that time. Supervisors only.
  Result<std::vector<TicketNumber>> missing(const Session& session);

 private:
  Result<> attach(const Session& session, TicketNumber ticket, Recording& recording);
  Result<Recording> attach_sealed(const Session& session, TicketNumber ticket, const std::filesystem::path& wav,
                                  SubscriberId subscriber);
  Result<Recording> opened(const Session& session, std::int64_t recording, const char* operation,
                           const std::function<void(Record&)>& fill);
  Result<SubscriberId> subscriber_of(const Session& session, TicketNumber ticket);

  Reader& reader_;
  Writer& writer_;
  VerificationDesk& verification_;
  SoundInspector* sound_;
  EvidenceFolder* folder_;
  const Clock& clock_;
  SoundOutput* output_;
};

}  // namespace anahtar::core
