// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <filesystem>
#include <chrono>
#include <iostream>
#include <thread>

#include "app/ctl/context.h"
#include "app/ctl/table.h"
#include "app/ctl/terminal.h"

namespace anahtar::app::ctl {
namespace {

struct RecordingOptions {
  core::TicketNumber ticket = 0;
  std::int64_t recording = 0;
  std::string file, reference, reason;
};

Json to_json(const core::Recording& recording) {
  return {{"id", recording.id},
          {"ticket", recording.ticket},
          {"kind", recording.kind},
          {"reference", recording.reference},
          {"sha256", recording.sha256},
          {"bytes", recording.bytes},
          {"milliseconds", recording.milliseconds},
          {"attached", utc_time(recording.attached)},
          {"attached_by", recording.attached_by}};
}

int attach(Context& context, const RecordingOptions& options) {
  const auto& session = context.session();
  auto& recordings = *context.services().recordings;
  const auto attached = value_or_throw(options.file.empty()
                                           ? recordings.attach_reference(session, options.ticket, options.reference)
                                           : recordings.attach_file(session, options.ticket, options.file));
  context.give(to_json(attached), tr("The recording is on ticket {1} as number {2}.", std::to_string(options.ticket),
                                     std::to_string(attached.id)));
  return Exit::done;
}

int list(Context& context, const RecordingOptions& options) {
  const auto& session = context.session();
  auto json = Json::array();
  Table table({{say("Recording"), Table::Align::right},
               {say("Kind")},
               {say("Name")},
               {say("Seconds"), Table::Align::right},
               {say("Attached")},
               {say("By")},
               {"SHA-256"}});
  for (const auto& recording : value_or_throw(context.services().recordings->list(session, options.ticket))) {
    json.push_back(to_json(recording));
    table.add({std::to_string(recording.id), recording.kind, recording.reference,
               fmt::format("{:.1f}", static_cast<double>(recording.milliseconds) / 1000), local_time(recording.attached),
               recording.attached_by, recording.sha256});
  }
  context.give(json, [&] { std::cout << (table.empty() ? say("No recordings here.") + "\n" : table.text()); });
  return Exit::done;
}

int list_missing(Context& context) {
  const auto& session = context.session();
  auto& recordings = *context.services().recordings;
  const auto missing = value_or_throw(recordings.missing(session));
  context.give(Json(missing), [&] {
    for (const auto number : missing) std::cout << say("Ticket {1} waits for its recording.", std::to_string(number)) << '\n';
    if (missing.empty()) std::cout << say("No recording is missing.") << '\n';
  });
  return Exit::done;
}

int export_one(Context& context, const RecordingOptions& options) {
  if (options.file.empty()) fail(core::Code::invalid, tr("Name the new file."));
  const auto& session = context.session();
  const auto target = std::filesystem::absolute(options.file);
  value_or_throw(context.services().recordings->export_to(session, options.recording, target, options.reason));
  context.give({{"file", target.string()}}, tr("The recording is in {1}, readable for you alone.", target.string()));
  return Exit::done;
}

/// Until it is over or Ctrl+C ends it.
int play(Context& context, const RecordingOptions& options) {
  const auto& session = context.session();
  auto& recordings = *context.services().recordings;
  terminal::watch_interrupt();
  value_or_throw(recordings.play(session, options.recording));
  while (recordings.playing() && !terminal::interrupted()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  if (recordings.play_failed()) fail(core::Code::unavailable, tr("The recording could not be played on this computer. That it was opened is recorded."));
  recordings.stop_playing();
  context.give({{"recording", options.recording}}, tr("The recording was played."));
  return Exit::done;
}

}  // namespace

void add_recordings(Commands& commands) {
  auto& context = commands.context;
  auto* group = commands.add_group("recordings", tr("Recordings of calls"));
  const auto fresh = [] { return std::make_shared<RecordingOptions>(); };

  auto attached = fresh();
  auto* attach_command = commands.add(group, "attach", tr("Attach the recording of a ticket's call"),
                                      "anahtarctl recordings attach --ticket 4 --file call.wav --operator operator");
  attach_command->add_option("--ticket", attached->ticket, say("The ticket's number"))->required()->check(positive_number());
  auto* file = attach_command->add_option("--file", attached->file, say("A complete WAV file; it is kept sealed"));
  attach_command->add_option("--reference", attached->reference, say("The telephone system's name for the recording"))->excludes(file);
  commands.does(attach_command, [&context, attached] { return attach(context, *attached); });

  auto listed = fresh();
  auto* list_command = commands.add(group, "list", tr("List the recordings of a ticket"),
                                    "anahtarctl recordings list --ticket 4 --operator supervisor");
  list_command->add_option("--ticket", listed->ticket, say("The ticket's number"))->required()->check(positive_number());
  commands.does(list_command, [&context, listed] { return list(context, *listed); });

  auto* missing = commands.add(group, "missing", tr("List the tickets whose recording did not come in time"),
                               "anahtarctl recordings missing --operator supervisor");
  commands.does(missing, [&context] { return list_missing(context); });

  auto played = fresh();
  auto* play_command = commands.add(group, "play", tr("Play a recording; it becomes no file"),
                                    "anahtarctl recordings play 1 --operator supervisor");
  play_command->add_option("RECORDING", played->recording, say("A number of recordings list"))->required()->check(positive_number());
  commands.does(play_command, [&context, played] { return play(context, *played); });

  auto exported = fresh();
  auto* export_command = commands.add(group, "export", tr("Write a recording into a new file"),
                                      "anahtarctl recordings export 1 call.wav --reason dispute --operator supervisor");
  export_command->add_option("RECORDING", exported->recording, say("A number of recordings list"))->required()->check(positive_number());
  export_command->add_option("FILE", exported->file, say("The new file"))->required();
  export_command->add_option("--reason", exported->reason, say("Why it is opened; recorded"))->required();
  commands.does(export_command, [&context, exported] { return export_one(context, *exported); });
}

}  // namespace anahtar::app::ctl
