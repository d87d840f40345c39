// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <wx/eventfilter.h>
#include <wx/frame.h>
#include <wx/simplebook.h>
#include <wx/timer.h>
#include <wx/weakref.h>

#include "ui/console_app.h"
#include "ui/demo_phone_frame.h"
#include "ui/desk_page.h"
#include "ui/lock_page.h"
#include "ui/password_page.h"
#include "ui/sign_in_page.h"
#include "ui/status_line.h"

namespace anahtar::ui {

/// The window: nobody signed in, a password to choose, locked, or somebody's desk; with the menu, the themes, the idle
/// lock and the calls that arrive. [ui]
class ConsoleWindow : public wxFrame {
 public:
  /// Empty, on the screen: the window system puts it there while the desk opens and the first page is made. Nothing is drawn
  /// before the event loop runs.
  explicit ConsoleWindow(Options options);
  ~ConsoleWindow() override;

  /// The sign-in page. Once, before the event loop runs; `services` must outlive the window.
  void begin(core::Services& services, std::vector<core::Text> alarms = {});

  void call_arrived(core::IncomingCall call);
  void lock();
  void sign_out();
  bool set_theme(const std::string& id);
  void set_text_size(TextSize size);
  void set_language(const std::string& language);

  bool locked() const { return pages_->GetSelection() == lock_page; }
  const core::Session* session() const { return session_ ? &*session_ : nullptr; }
  DeskPage* desk() { return desk_; }
  wxFrame* demo_phone() { return phone_; }

 private:
  enum Page { sign_in_page, password_page, lock_page, desk_page };

  void build();
  void complete();
  void build_menu();
  void demo_card(const std::string& id);  ///< empty: takes it out
  void build_view_menu(wxMenuBar* bar);
  void build_ticket_menu(wxMenuBar* bar);
  void add(wxMenu* menu, const wxString& text, std::function<void()> run);
  void show_page(Page page);
  void signed_in(core::Session session);
  void open_desk();
  void show_alarms();
  void drop_desk();
  void show_calls_if_any();
  void on_key(wxKeyEvent& event);
  void idle_check();

  /// Hears every key and click, to know when nobody is there.
  class Activity : public wxEventFilter {
   public:
    explicit Activity(ConsoleWindow& window) : window_(window) { wxEvtHandler::AddFilter(this); }
    ~Activity() override { wxEvtHandler::RemoveFilter(this); }
    int FilterEvent(wxEvent& event) override;

   private:
    ConsoleWindow& window_;
  };

  core::Services* services_ = nullptr;
  Options options_;
  bool themed_ = false;  ///< the theme that was asked for could be used
  std::vector<core::Text> alarms_;  ///< shown to whoever signs in
  std::optional<core::Session> session_;
  std::vector<core::IncomingCall> calls_;  ///< that came while nobody was at the desk
  wxWeakRef<wxWindow> focus_before_lock_;
  std::chrono::steady_clock::time_point last_activity_;
  Activity activity_;
  wxTimer idle_;
  wxPanel* root_ = nullptr;
  wxSimplebook* pages_ = nullptr;
  SignInPage* sign_in_ = nullptr;
  PasswordPage* password_ = nullptr;
  LockPage* lock_ = nullptr;
  DeskPage* desk_ = nullptr;
  StatusLine* status_ = nullptr;
  DemoPhoneFrame* phone_ = nullptr;
};

}  // namespace anahtar::ui
