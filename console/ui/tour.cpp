// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tour.h"

#include <wx/evtloop.h>

#include <cctype>

#include "ui/application.h"
#include "ui/driver.h"
#include "ui/snapshot.h"
#include "ui/text.h"

namespace anahtar::ui {
namespace {

/// A step that did not come about; ends the tour.
struct StepFailed {
  std::string step;
};

/// The first run of six digits: the code in a message.
std::string code_in(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0)
      digits += c;
    else if (digits.size() == 6)
      return digits;
    else
      digits.clear();
  }
  return digits.size() == 6 ? digits : std::string();
}

class Tour {
 public:
  Tour(core::Services& services, const TourPlan& plan) : services_(services), plan_(plan) {}

  TourReport report;

  void walk() {
    sign_in(plan_.operator_name, plan_.operator_password, true);
    take_the_call();
    try_without_verification();
    verify_by_code();
    unblock();
    close_the_ticket();
    lock_and_leave();
    if (services_.demo_cards != nullptr && !plan_.field_password.empty()) {
      sign_in(plan_.field_name, plan_.field_password, false);
      unlock_a_card();
      lock_and_leave();
    }
    sign_in(plan_.supervisor_name, plan_.supervisor_password, false);
    verify_the_log();
  }

 private:
  void tell(const std::string& line) {
    if (plan_.step) plan_.step(line);
  }
  void need(bool came_about, const std::string& step) {
    if (!came_about) throw StepFailed{step};
  }
  void picture(const std::string& name) {
    Driver::settle();
    const std::string number = (report.pictures.size() < 9 ? "0" : "") + std::to_string(report.pictures.size() + 1);
    const auto file = plan_.pictures / (number + "-" + name + ".png");
    need(snapshot(console_window(), file), "the picture " + name);
    report.pictures.push_back(file);
  }
  /// Of the first action that establishes `method`, or the service `id`.
  std::string button_of(const std::string& method, const std::string& id) {
    for (const core::ActionEntry& entry : services_.actions.catalogue())
      if (method.empty() ? entry.id == id : entry.verifies == method) return "action." + entry.id;
    throw StepFailed{"finding the action " + method + id};
  }

  void sign_in(const std::string& name, const std::string& password, bool take_picture) {
    tell(name + " signs in");
    need(Driver::type("sign_in.name", name), "the sign-in page");
    need(Driver::type("sign_in.password", password), "the password field");
    if (take_picture) picture("sign-in");
    need(Driver::press("sign_in.go"), "signing in");
    need(Driver::appears("desk") != nullptr, "the desk after signing in: " + Driver::text("sign_in.problem"));
    Driver::settle();
    if (take_picture) picture("queue");
  }

  void take_the_call() {
    tell("a call arrives; the operator asks who is speaking and chooses the caller");
    incoming_call(plan_.call);
    need(Driver::choose_row("find.list", 0), "the candidates of the call");
    picture("incoming-call");
    need(Driver::press("find.primary"), "opening the ticket of the call");
    need(Driver::appears("ticket.title") != nullptr, "the ticket");
    need(Driver::appears(button_of("sms_code", "")) != nullptr, "the actions of the ticket");
    if (Driver::visible("ticket.take") != nullptr) need(Driver::press("ticket.take"), "taking the ticket");
    Driver::settle();
    picture("ticket");
  }

  void try_without_verification() {
    tell("unblocking without verification is refused, with what is missing");
    need(Driver::press(button_of("", "password.unblock")), "the action Unblock password");
    need(Driver::appears("notice") != nullptr, "the refusal");
    picture("refused");
  }

  void verify_by_code() {
    tell("an SMS code is sent; the caller reads it from the phone");
    const auto before = services_.demo_phone->messages().size();
    need(Driver::press(button_of("sms_code", "")), "the method SMS code");
    need(Driver::appears("field.code") != nullptr, "the form for the code");
    need(Driver::wait([&] { return services_.demo_phone->messages().size() > before; }), "the message on the phone");
    Driver::wait([] { return false; }, Driver::Seconds(1));  // the phone looks twice a second
    const std::string code = code_in(services_.demo_phone->messages().front().text);
    need(!code.empty(), "the code in the message");
    need(Driver::type("field.code", code), "the field for the code");
    picture("sms-code");
    need(Driver::press("form.submit"), "checking the code");
    need(Driver::appears("run.result") != nullptr, "the result of the verification");
    picture("verified");
    need(Driver::press("run.continue"), "going on");
  }

  void unblock() {
    tell("the password is unblocked");
    Driver::settle();
    need(Driver::press(button_of("", "password.unblock")), "the action Unblock password");
    const auto form_or_result = [] { return Driver::visible("form.submit") != nullptr || Driver::visible("run.result") != nullptr; };
    need(Driver::wait(form_or_result), "the form of Unblock password");
    picture("unblock");
    if (Driver::visible("field.cause") != nullptr) need(Driver::choose("field.cause", 0), "the cause");
    if (Driver::visible("form.submit") != nullptr) need(Driver::press("form.submit"), "submitting");
    need(Driver::appears("run.result") != nullptr, "the result of Unblock password");
    picture("unblocked");
    need(Driver::press("run.continue"), "going on");
    Driver::settle();
    const auto ticket = console_window()->desk()->current_ticket();
    const auto view = services_.tickets.view(*console_window()->session(), ticket, false);
    report.unblocked = view && view->subscriber && !view->subscriber->blocked;
  }

  void close_the_ticket() {
    tell("the ticket is closed");
    need(Driver::press("ticket.close"), "the command Close");
    need(Driver::type("field.resolution", "Parola açıldı."), "the question how it ended");
    need(Driver::press("form.submit"), "closing");
    need(Driver::appears("ticket.reopen") != nullptr, "the closed ticket");
    picture("closed");
  }

  void lock_and_leave() {
    tell("the console is locked, and the next one signs in");
    console_window()->lock();
    need(Driver::appears("lock.password") != nullptr, "the lock");
    picture("locked");
    need(Driver::press("lock.sign_out"), "signing out");
    Driver::settle();
  }

  void picture_of(wxWindow* window, const std::string& name) {
    Driver::settle();
    const std::string number = (report.pictures.size() < 9 ? "0" : "") + std::to_string(report.pictures.size() + 1);
    const auto file = plan_.pictures / (number + "-" + name + ".png");
    need(snapshot(window, file), "the picture " + name);
    report.pictures.push_back(file);
  }
  void go_on_from_result(const std::string& of) {
    need(Driver::appears("run.result") != nullptr, "the result of " + of);
    need(Driver::press("run.continue"), "going on");
  }

  /// A card of after 2011 without a PUK gets a new PIN, which the holder alone sees.
  void unlock_a_card() {
    tell("at the registration desk a locked card without a PUK is inserted");
    need(Driver::appears("field_desk") != nullptr, "the field desk");
    picture("field-desk");
    need(services_.demo_cards->insert("akis").has_value(), "inserting the demo card");
    need(Driver::wait([] { return Driver::visible("field_desk.next") != nullptr; }, Driver::Seconds(30)), "the holder of the card");
    picture("card-and-holder");
    need(Driver::press("field_desk.next"), "the ticket of the holder");
    need(Driver::type("field.document", plan_.card_document), "the serial number of the identity card");
    need(Driver::choose("field.photo", 0), "that the photo shows the holder");
    picture("identity-card");
    need(Driver::press("form.submit"), "checking the identity card");
    go_on_from_result("the identity card");
    need(Driver::appears("field.pin") != nullptr, "what will happen to the card");
    picture("card-plan");
    tell("a new PIN is made; it is shown to the holder alone, once");
    need(Driver::press("form.submit"), "unlocking");
    need(Driver::press("holder.show"), "the holder's window");
    picture_of(Driver::visible("holder"), "holder-pin");
    picture("shown-to-the-holder");
    need(Driver::press("holder.confirm"), "the holder's confirmation");
    go_on_from_result("unlocking");
    picture("card-done");
    need(Driver::press("field_desk.next"), "the next holder");
    Driver::settle();
    services_.demo_cards->remove();
  }

  void verify_the_log() {
    tell("the supervisor verifies the audit log");
    console_window()->desk()->show(DeskPage::View::audit);
    need(Driver::appears("audit.list") != nullptr, "the audit log");
    picture("audit");
    need(Driver::press("verify.go"), "verifying");
    const auto verdict = [] { return console_window()->desk()->audit_page().verify_panel().report().has_value(); };
    need(Driver::wait(verdict, Driver::Seconds(120)), "the verdict: " + Driver::text("verify.sentence"));
    report.audit = *console_window()->desk()->audit_page().verify_panel().report();
    picture("audit-verified");
    tell("the verdict is: " + std::string(core::to_string(report.audit.verdict)));
  }

  core::Services& services_;
  const TourPlan& plan_;
};

class TourApp : public Application {
 public:
  TourApp(core::Services& services, const Options& options, const TourPlan& plan, core::Result<TourReport>& result)
      : Application([&services] { return OpenedDesk{&services, {}}; }, options),
        services_(services),
        plan_(plan),
        result_(result) {}

  int OnRun() override {
    wxEventLoop loop;
    const wxEventLoopActivator active(&loop);
    Tour tour(services_, plan_);
    try {
      tour.walk();
      result_ = std::move(tour.report);
    } catch (const StepFailed& failed) {
      result_ = core::failure(core::Code::internal, sdk::tr("The tour stopped: this did not come about: {1}", failed.step));
      if (console_window() != nullptr) snapshot(console_window(), plan_.pictures / "stopped.png");
    }
    if (console_window() != nullptr) console_window()->Close(true);
    Driver::settle();
    return 0;
  }

 private:
  core::Services& services_;
  const TourPlan& plan_;
  core::Result<TourReport>& result_;
};

}  // namespace

core::Result<TourReport> run_tour(core::Services& services, const Options& options, const TourPlan& plan) {
  if (services.demo_phone == nullptr)
    return core::failure(core::Code::invalid, sdk::tr("The tour needs a demo database: it reads the code from the demo's phone."));
  std::error_code problem;
  std::filesystem::create_directories(plan.pictures, problem);
  if (problem || !std::filesystem::is_directory(plan.pictures, problem))
    return core::failure(core::Code::unavailable, sdk::tr("The folder {1} for the pictures cannot be made.", plan.pictures.string()));
  core::Result<TourReport> result;
  if (const auto ran = run_application(new TourApp(services, options, plan, result)); !ran)
    return std::unexpected(ran.error());
  return result;
}

}  // namespace anahtar::ui
