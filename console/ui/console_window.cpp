// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console_window.h"

#include <gdk/gdk.h>
#include <wx/display.h>
#include <wx/menu.h>

#include <utility>

#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"
#include "ui/widgets.h"

namespace anahtar::ui {

int ConsoleWindow::Activity::FilterEvent(wxEvent& event) {
  const wxEventType type = event.GetEventType();
  if (type == wxEVT_KEY_DOWN || type == wxEVT_CHAR_HOOK || type == wxEVT_LEFT_DOWN || type == wxEVT_RIGHT_DOWN ||
      type == wxEVT_MOTION || type == wxEVT_MOUSEWHEEL)
    window_.last_activity_ = std::chrono::steady_clock::now();
  return Event_Skip;
}

ConsoleWindow::ConsoleWindow(Options options)
    : wxFrame(nullptr, wxID_ANY, "Anahtar", wxDefaultPosition, wxDefaultSize, wxDEFAULT_FRAME_STYLE, "console"),
      options_(std::move(options)), last_activity_(std::chrono::steady_clock::now()), activity_(*this), idle_(this) {
  const wxRect screen = wxDisplay(static_cast<unsigned>(0)).GetClientArea();
  SetSize(wxSize(std::min(screen.width, 1600), std::min(screen.height, 1000)));
  if (screen.width <= 1400) Maximize();
  Centre();
  Show();
  gdk_display_flush(gdk_display_get_default());  // now, not with whatever is asked of the display next
  themed_ = set_theme(options_.theme);
}

void ConsoleWindow::begin(core::Services& services, std::vector<core::Text> alarms) {
  services_ = &services;
  alarms_ = std::move(alarms);
  options_.language = install_language(options_.language, options_.catalogue_folder);
  build();
  if (!themed_) set_theme(options_.theme);  // once more, for there is now where to say why not
  if (!themed_ && options_.theme != "light") set_theme("light");
  SetMinClientSize(wxSize(1180, 640));
  if (options_.call) calls_.push_back(*options_.call);
  sign_in_->call_waits(!calls_.empty());
  Bind(wxEVT_CHAR_HOOK, &ConsoleWindow::on_key, this);
  Bind(wxEVT_TIMER, [this](wxTimerEvent&) { idle_check(); });
  Bind(wxEVT_CLOSE_WINDOW, [this](wxCloseEvent& event) {
    if (event.CanVeto() && desk_ != nullptr && !locked() && !desk_->may_end()) return event.Veto();
    if (session_) {
      services_->sign_in.sign_out(*session_);  // the last thing it does: the record must be there before the end
      session_.reset();
    }
    drop_desk();
    event.Skip();
  });
  idle_.Start(1000);
  CallAfter(&ConsoleWindow::complete);
}

ConsoleWindow::~ConsoleWindow() = default;

void ConsoleWindow::build() {
  SetTitle("Anahtar");
  auto* outer = new wxBoxSizer(wxVERTICAL);
  root_ = new Surface(this, "window");
  root_->Hide();  // until it is whole
  auto* rows = new wxBoxSizer(wxVERTICAL);
  pages_ = new wxSimplebook(root_);
  sign_in_ = new SignInPage(pages_, *services_);
  pages_->AddPage(sign_in_, "");
  status_ = new StatusLine(root_, *services_);
  rows->Add(pages_, 1, wxEXPAND);
  rows->Add(status_, 0, wxEXPAND);
  root_->SetSizer(rows);
  outer->Add(root_, 1, wxEXPAND);
  SetSizer(outer);
  root_->Show();
  sign_in_->signed_in = [this](core::Session session) { signed_in(std::move(session)); };
  show_page(sign_in_page);
  sign_in_->begin();
  Layout();
}

/// What nobody sees before signing in: made when the first page is on the screen.
void ConsoleWindow::complete() {
  if (password_ != nullptr) return;
  password_ = new PasswordPage(pages_, *services_);
  lock_ = new LockPage(pages_, *services_);
  pages_->AddPage(password_, "");
  pages_->AddPage(lock_, "");
  password_->changed = [this](core::Session session) { signed_in(std::move(session)); };
  password_->left = [this] { session_ && !session_->must_change_password ? show_page(desk_page) : sign_out(); };
  lock_->unlocked = [this] {
    show_page(desk_page);
    if (focus_before_lock_ && focus_before_lock_->IsShownOnScreen() && focus_before_lock_->IsEnabled()) go_on_typing(focus_before_lock_);
    else desk_->focus_work();
    show_calls_if_any();
  };
  lock_->sign_out = [this] { sign_out(); };
  if (services_->demo_phone != nullptr) phone_ = new DemoPhoneFrame(this, *services_->demo_phone);
}

void ConsoleWindow::add(wxMenu* menu, const wxString& text, std::function<void()> run) {
  wxMenuItem* item = menu->Append(wxID_ANY, text);
  Bind(wxEVT_MENU, [this, run = std::move(run)](wxCommandEvent&) { CallAfter(run); }, item->GetId());
}

void ConsoleWindow::build_menu() {
  auto* bar = new wxMenuBar;
  const bool at_desk = desk_ != nullptr && pages_->GetSelection() == desk_page;
  auto* console = new wxMenu;
  if (at_desk) {
    add(console, say("&Lock") + "\tCtrl+L", [this] { lock(); });
    add(console, say("Change &password…"), [this] {
      password_->begin(*session_);
      show_page(password_page);
    });
    add(console, say("Sign &out"), [this] {
      if (desk_->may_end()) sign_out();
    });
    console->AppendSeparator();
  }
  add(console, say("&Quit") + "\tCtrl+Q", [this] { Close(); });
  bar->Append(console, say("&Console"));
  if (at_desk) build_ticket_menu(bar);
  build_view_menu(bar);
  auto* help = new wxMenu;
  if (services_->demo_cards != nullptr) {
    auto* cards = new wxMenu;
    for (const auto& choice : services_->demo_cards->choices())
      add(cards, shown(choice.title), [this, id = choice.id] { demo_card(id); });
    add(cards, say("Take the card out"), [this] { demo_card(""); });
    help->AppendSubMenu(cards, say("Demo &cards"));
  }
  if (at_desk) add(help, say("&Keys") + "\tF1", [this] { desk_->show_shortcuts(); });
  if (services_->demo_phone != nullptr) add(help, say("Caller's &phone (demo)"), [this] { phone_->Show(!phone_->IsShown()); });
  if (help->GetMenuItemCount() > 0) bar->Append(help, say("&Help"));
  else delete help;
  wxMenuBar* before = GetMenuBar();
  SetMenuBar(bar);
  delete before;
}

void ConsoleWindow::demo_card(const std::string& id) {
  in_background(
      this, [cards = services_->demo_cards, id] { return id.empty() ? cards->remove() : cards->insert(id); },
      [this](const core::Result<>& done) {
        if (!done && desk_ != nullptr) desk_->notice(Notice::stop, shown(done.error().sentence));
      });
}

void ConsoleWindow::build_ticket_menu(wxMenuBar* bar) {
  auto* menu = new wxMenu;
  const auto command = [this](TicketCommand which) { return [this, which] { desk_->ticket_page().command(which); }; };
  add(menu, say("&Find a subscriber…") + "\tCtrl+K", [this] { desk_->show_find(); });
  add(menu, say("&New ticket…") + "\tCtrl+N", [this] { desk_->show_find(); });
  add(menu, say("Show the waiting ca&ll") + "\tF9", [this] { desk_->show_waiting_call(); });
  menu->AppendSeparator();
  add(menu, say("&Take") + "\tCtrl+T", command(TicketCommand::take));
  add(menu, say("N&ote…") + "\tCtrl+M", command(TicketCommand::note));
  add(menu, say("&Show the masked data…") + "\tCtrl+D", command(TicketCommand::show_data));
  add(menu, say("&Priority…") + "\tCtrl+P", command(TicketCommand::priority));
  add(menu, say("Wrong s&ubscriber…") + "\tCtrl+J", command(TicketCommand::correct_subscriber));
  add(menu, say("Caller is not the hol&der…") + "\tCtrl+U", command(TicketCommand::not_holder));
  menu->AppendSeparator();
  add(menu, say("&Wait…") + "\tCtrl+Shift+W", command(TicketCommand::wait));
  add(menu, say("&Hand over…") + "\tCtrl+H", command(TicketCommand::hand_over));
  add(menu, say("&Close…") + "\tCtrl+E", command(TicketCommand::close));
  bar->Append(menu, say("&Ticket"));
}

void ConsoleWindow::build_view_menu(wxMenuBar* bar) {
  auto* menu = new wxMenu;
  if (desk_ != nullptr && pages_->GetSelection() == desk_page) {
    using View = DeskPage::View;
    int number = 0;  // as the tabs stand
    for (const auto& [view, title] : {std::pair{View::tickets, say("Tickets")}, {View::field_desk, say("Field desk")},
                                      {View::approvals, say("Approvals")}, {View::audit, say("Audit")},
                                      {View::plugins, say("Plugins")}, {View::operators, say("Operators")}})
      if (desk_->offers(view))
        add(menu, title + wxString::Format("\tCtrl+%d", ++number), [this, view = view] { desk_->show(view); });
    menu->AppendSeparator();
    add(menu, say("&Refresh") + "\tF5", [this] { desk_->refresh(); });
    add(menu, say("&Verify the log") + "\tF8", [this] {
      desk_->show(DeskPage::View::audit);
      desk_->audit_page().verify_panel().verify();
    });
    add(menu, say("Queue or &actions") + "\tF6", [this] { desk_->toggle_focus(); });
    menu->AppendSeparator();
  }
  const auto add_choice = [&](const wxString& text, bool chosen, std::function<void()> run) {
    wxMenuItem* item = menu->AppendRadioItem(wxID_ANY, text);
    item->Check(chosen);
    Bind(wxEVT_MENU, [this, run = std::move(run)](wxCommandEvent&) { CallAfter(run); }, item->GetId());
  };
  for (const Theme& each : themes_in(options_.themes_folder))
    add_choice(say(each.name.c_str()), each.id == options_.theme, [this, id = each.id] { set_theme(id); });
  menu->AppendSeparator();
  add_choice(say("Small text"), options_.text_size == TextSize::small, [this] { set_text_size(TextSize::small); });
  add_choice(say("Normal text"), options_.text_size == TextSize::normal, [this] { set_text_size(TextSize::normal); });
  add_choice(say("Large text"), options_.text_size == TextSize::large, [this] { set_text_size(TextSize::large); });
  menu->AppendSeparator();
  add_choice(from_utf8("Türkçe"), options_.language == "tr", [this] { set_language("tr"); });
  add_choice("English", options_.language == "en", [this] { set_language("en"); });
  bar->Append(menu, say("&View"));
}

void ConsoleWindow::show_page(Page page) {
  pages_->ChangeSelection(page);
  status_->show_session(session_ ? &*session_ : nullptr);
  build_menu();
  lay_out_again(this);
  if (phone_ != nullptr) {
    if (page == desk_page && !phone_->IsShown()) {
      phone_->ShowWithoutActivating();
      const wxRect area = GetScreenRect();
      // Over the end of the queue: the actions on the right are what one needs to see.
      phone_->SetPosition(wxPoint(area.GetLeft() + 4, area.GetBottom() - phone_->GetSize().y - 48));
    }
    if (page != desk_page) phone_->Hide();
  }
}

void ConsoleWindow::signed_in(core::Session session) {
  complete();
  session_ = std::move(session);
  if (session_->must_change_password) {
    password_->begin(*session_);
    return show_page(password_page);
  }
  open_desk();
  show_calls_if_any();
}

void ConsoleWindow::open_desk() {
  drop_desk();
  desk_ = new DeskPage(pages_, *services_, *session_);
  // The caller's telephone would lie on the tables of the other views.
  desk_->view_shown = [this](DeskPage::View view) {
    if (phone_ != nullptr) phone_->Show(view == DeskPage::View::tickets);
  };
  pages_->AddPage(desk_, "");
  show_page(desk_page);
  Layout();
  desk_->begin();
  show_alarms();
}

void ConsoleWindow::show_alarms() {
  wxString sentences;
  for (const core::Text& alarm : alarms_) sentences += (sentences.empty() ? "" : "\n") + shown(alarm);
  if (!sentences.empty()) desk_->notice(Notice::stop, sentences);
}

void ConsoleWindow::drop_desk() {
  if (desk_ == nullptr) return;
  pages_->ChangeSelection(sign_in_page);
  desk_ = nullptr;
  pages_->DeletePage(desk_page);
}

void ConsoleWindow::lock() {
  if (!session_ || locked() || pages_->GetSelection() == sign_in_page) return;
  if (desk_ == nullptr) return sign_out();
  if (services_->recordings != nullptr) services_->recordings->stop_playing();
  focus_before_lock_ = wxWindow::FindFocus();
  lock_->begin(*session_);
  show_page(lock_page);
  in_background(
      this, [&services = *services_, session = *session_] { return services.sign_in.lock(session); },
      [](const core::Result<>&) {});
}

void ConsoleWindow::sign_out() {
  if (session_)
    in_background(
        this, [&services = *services_, session = *session_] { return services.sign_in.sign_out(session); },
        [](const core::Result<>&) {});
  session_.reset();
  drop_desk();
  show_page(sign_in_page);
  sign_in_->call_waits(!calls_.empty());
  sign_in_->begin();
}

void ConsoleWindow::call_arrived(core::IncomingCall call) {
  if (desk_ != nullptr && pages_->GetSelection() == desk_page) return desk_->call_arrived(call);
  calls_.push_back(std::move(call));
  complete();
  lock_->call_waits(true);
  sign_in_->call_waits(true);
  RequestUserAttention();
}

void ConsoleWindow::show_calls_if_any() {
  if (calls_.empty() || desk_ == nullptr) return;
  const auto calls = std::exchange(calls_, {});
  lock_->call_waits(false);
  sign_in_->call_waits(false);
  for (const core::IncomingCall& call : calls) desk_->call_arrived(call);
}

bool ConsoleWindow::set_theme(const std::string& id) {
  Options wanted = options_;
  wanted.theme = id;
  const auto result = use_theme(wanted);
  if (result) {
    options_.theme = id;
    return true;
  }
  if (desk_ != nullptr)
    desk_->notice(Notice::stop, shown(result.error().sentence));
  else if (sign_in_ != nullptr)
    sign_in_->say_problem(shown(result.error().sentence));
  return false;
}

void ConsoleWindow::set_text_size(TextSize size) {
  if (desk_ != nullptr && !desk_->may_end()) return;
  options_.text_size = size;
  if (set_theme(options_.theme)) set_language(options_.language);  // built anew: everything is measured again
}

void ConsoleWindow::set_language(const std::string& language) {
  if (desk_ != nullptr && !desk_->may_end()) return;
  const core::TicketNumber ticket = desk_ != nullptr ? desk_->current_ticket() : 0;
  options_.language = install_language(language, options_.catalogue_folder);
  const bool at_desk = desk_ != nullptr && pages_->GetSelection() == desk_page;
  desk_ = nullptr;
  if (phone_ != nullptr) phone_->Destroy();
  phone_ = nullptr;
  root_->Destroy();
  password_ = nullptr;
  build();
  complete();
  if (at_desk) {
    open_desk();
    if (ticket != 0) desk_->show_ticket(ticket);
  } else if (session_) {
    sign_out();
  }
}

void ConsoleWindow::on_key(wxKeyEvent& event) {
  const int key = event.GetKeyCode();
  const bool plain = !event.ControlDown() && !event.ShiftDown() && !event.MetaDown() && !event.RawControlDown();
  const int digit = key >= '0' && key <= '9' ? key - '0' : key >= WXK_NUMPAD0 && key <= WXK_NUMPAD9 ? key - WXK_NUMPAD0 : -1;
  if (digit >= 0 && plain && desk_ != nullptr && pages_->GetSelection() == desk_page && desk_->digit(digit, event.AltDown()))
    return;
  event.Skip();
}

void ConsoleWindow::idle_check() {
  if (desk_ == nullptr || locked()) return;
  if (std::chrono::steady_clock::now() - last_activity_ >= options_.lock_after) lock();
}

}  // namespace anahtar::ui
