// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ticket_prompts.h"

namespace anahtar::ui {
namespace {

using core::Services;
using core::Session;
using core::TicketNumber;
using sdk::Answers;
using sdk::Form;
using sdk::tr;

constexpr std::size_t long_text = 2000;

Form form_of(sdk::Text title) { return Form(std::move(title)); }

TicketPrompt take(TicketNumber n) {
  return {form_of(tr("Take the ticket")),
          [n](Services& s, const Session& who, const Answers&) { return s.tickets.take(who, n); }};
}

TicketPrompt note(TicketNumber n) {
  return {form_of(tr("Write a note")).text("text", tr("Note")).max_length(long_text).hint(tr("Ctrl+Enter saves it."))
              .submit_label(tr("Save the note")),
          [n](Services& s, const Session& who, const Answers& a) { return s.tickets.note(who, n, a["text"]); }};
}

TicketPrompt hand_over(TicketNumber n) {
  return {form_of(tr("Hand over")).text("to", tr("To whom")).hint(tr("Their name, as it is shown or as they sign in."))
              .text("note", tr("What they should know")).optional().submit_label(tr("Hand over")),
          [n](Services& s, const Session& who, const Answers& a) { return s.tickets.hand_over(who, n, a["to"], a["note"]); }};
}

TicketPrompt wait(TicketNumber n) {
  return {form_of(tr("Wait")).text("for_what", tr("What is it waiting for?")).submit_label(tr("Set waiting")),
          [n](Services& s, const Session& who, const Answers& a) { return s.tickets.set_waiting(who, n, a["for_what"]); }};
}

TicketPrompt close(TicketNumber n) {
  return {form_of(tr("Close the ticket")).text("resolution", tr("How did it end?")).submit_label(tr("Close the ticket")),
          [n](Services& s, const Session& who, const Answers& a) { return s.tickets.close(who, n, a["resolution"]); }};
}

TicketPrompt reopen(TicketNumber n) {
  return {form_of(tr("Open it again")).text("reason", tr("Why?")).submit_label(tr("Open it again")),
          [n](Services& s, const Session& who, const Answers& a) { return s.tickets.reopen(who, n, a["reason"]); }};
}

TicketPrompt priority(TicketNumber n) {
  return {form_of(tr("Priority"))
              .choice("priority", tr("Priority"),
                      {{"urgent", tr("urgent")}, {"high", tr("high")}, {"normal", tr("normal")}, {"low", tr("low")}})
              .nothing_chosen()
              .submit_label(tr("Set the priority")),
          [n](Services& s, const Session& who, const Answers& a) {
            return s.tickets.set_priority(who, n, core::priority_from(a["priority"]).value_or(core::Priority::normal));
          }};
}

TicketPrompt show_data(TicketNumber n) {
  return {form_of(tr("Show the masked data")).text("reason", tr("Why do you need to see them?"))
              .hint(tr("The reason is recorded. The data stay open for five minutes.")).submit_label(tr("Show")),
          [n](Services& s, const Session& who, const Answers& a) -> core::Result<> {
            const auto opened = s.directory.open_data(who, n, a["reason"]);
            if (!opened) return std::unexpected(opened.error());
            return {};
          }};
}

TicketPrompt correct_subscriber(TicketNumber n, const core::SubscriberLine& line) {
  return {form_of(tr("The ticket is about {1}, {2}", line.name, line.national_id))
              .text("reason", tr("Why was it on another subscriber, or on none?"))
              .hint(tr("An existing verification becomes void.")).submit_label(tr("Correct the subscriber")),
          [n, id = line.id](Services& s, const Session& who, const Answers& a) {
            return s.tickets.correct_subscriber(who, n, id, a["reason"]);
          }};
}

TicketPrompt not_holder(TicketNumber n) {
  return {form_of(tr("The caller is not the holder")).text("who", tr("Who is calling?"))
              .hint(tr("Nobody can be verified on this ticket afterwards.")).submit_label(tr("Record it")),
          [n](Services& s, const Session& who, const Answers& a) { return s.tickets.caller_is_not_holder(who, n, a["who"]); }};
}

TicketPrompt lift_lock(TicketNumber n, const PromptData& data) {
  std::vector<sdk::Choice> methods;
  for (const std::string& method : data.view->verification.locked_methods) {
    const auto known = data.policy->methods.find(method);
    methods.push_back({method, known == data.policy->methods.end() ? sdk::verbatim(method) : known->second.label});
  }
  return {form_of(tr("Lift a lock")).choice("method", tr("Method"), std::move(methods)).text("reason", tr("Why?"))
              .submit_label(tr("Lift the lock")),
          [n](Services& s, const Session& who, const Answers& a) {
            return s.verification.lift_lock(who, n, a["method"], a["reason"]);
          }};
}

TicketPrompt attach_recording(TicketNumber n) {
  return {form_of(tr("Attach the call's recording")).file("file", tr("WAV file")).optional()
              .text("reference", tr("Or the telephone system's name for it")).max_length(200).optional()
              .hint(tr("Only a file, or a name that the telephone system itself gave, makes a verification stronger."))
              .submit_label(tr("Attach")),
          [n](Services& s, const Session& who, const Answers& a) -> core::Result<> {
            if (s.recordings == nullptr) return core::failure(core::Code::unavailable, tr("Recordings are not kept here."));
            const auto attached = a["file"].empty() ? s.recordings->attach_reference(who, n, a["reference"])
                                                    : s.recordings->attach_file(who, n, a["file"]);
            if (!attached) return std::unexpected(attached.error());
            return {};
          }};
}

std::vector<sdk::Choice> files_of(const std::vector<core::Recording>& recordings) {
  std::vector<sdk::Choice> files;
  for (const core::Recording& recording : recordings)
    if (!recording.file.empty()) files.push_back({std::to_string(recording.id), sdk::verbatim(recording.reference)});
  return files;
}

/// The only one plays at once; it is recorded that it was played.
TicketPrompt play_recording(const std::vector<core::Recording>& recordings) {
  std::vector<sdk::Choice> files = files_of(recordings);
  sdk::Form form = form_of(tr("Play a recording"));
  const std::string only = files.size() == 1 ? files.front().id : std::string();
  if (only.empty()) form.choice("recording", tr("Recording"), std::move(files)).submit_label(tr("Play"));
  return {std::move(form), [only](Services& s, const Session& who, const Answers& a) {
            return s.recordings->play(who, std::stoll(only.empty() ? a["recording"] : only));
          }};
}

TicketPrompt export_recording(const std::vector<core::Recording>& recordings) {
  std::vector<sdk::Choice> files = files_of(recordings);
  return {form_of(tr("Export a recording")).choice("recording", tr("Recording"), std::move(files))
              .text("target", tr("New file, with its folder")).text("reason", tr("Why?"))
              .hint(tr("The export is recorded. The file is readable: keep it no longer than it is needed."))
              .submit_label(tr("Export")),
          [](Services& s, const Session& who, const Answers& a) {
            return s.recordings->export_to(who, std::stoll(a["recording"]), a["target"], a["reason"]);
          }};
}

TicketPrompt resolve(const std::vector<core::Actions::Unfinished>& unfinished) {
  std::vector<sdk::Choice> runs;
  for (const auto& run : unfinished) runs.push_back({run.run, run.title});
  return {form_of(tr("An action did not end")).choice("run", tr("Action"), std::move(runs))
              .text("what", tr("What became of it?")).submit_label(tr("Record it")),
          [](Services& s, const Session& who, const Answers& a) { return s.actions.resolve(who, a["run"], a["what"]); }};
}

}  // namespace

TicketPrompt prompt_for(TicketCommand command, const PromptData& data) {
  const TicketNumber n = data.view->ticket.number;
  switch (command) {
    case TicketCommand::take: return take(n);
    case TicketCommand::note: return note(n);
    case TicketCommand::hand_over: return hand_over(n);
    case TicketCommand::wait: return wait(n);
    case TicketCommand::close: return close(n);
    case TicketCommand::reopen: return reopen(n);
    case TicketCommand::priority: return priority(n);
    case TicketCommand::show_data: return show_data(n);
    case TicketCommand::correct_subscriber: return correct_subscriber(n, data.right_subscriber.value());
    case TicketCommand::not_holder: return not_holder(n);
    case TicketCommand::lift_lock: return lift_lock(n, data);
    case TicketCommand::resolve: return resolve(data.unfinished);
    case TicketCommand::attach_recording: return attach_recording(n);
    case TicketCommand::play_recording: return play_recording(data.view->recordings);
    case TicketCommand::export_recording: return export_recording(data.view->recordings);
  }
  return take(n);
}

}  // namespace anahtar::ui
