// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operators_page.h"

#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {

using sdk::Form;
using sdk::tr;

OperatorsPage::OperatorsPage(wxWindow* parent, Shell& shell) : Surface(parent, "window"), shell_(shell) {
  SetName("operators");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  rows->Add(label(this, say("Operators"), "title"), 0, wxBOTTOM, step(3));
  auto* buttons = new wxBoxSizer(wxHORIZONTAL);
  buttons->Add(button(this, say("&Add…"), "operators.add", [this] { add(); }), 0, wxRIGHT, step(2));
  buttons->Add(button(this, say("New &password…"), "operators.reset", [this] { reset_password(); }), 0, wxRIGHT, step(2));
  buttons->Add(button(this, say("&Unlock"), "operators.unlock", [this] { unlock(); }), 0, wxRIGHT, step(2));
  buttons->Add(button(this, say("&Disable…"), "operators.disable", [this] { disable(); }));
  rows->Add(buttons, 0, wxBOTTOM, step(3));
  auto* columns = new wxBoxSizer(wxHORIZONTAL);
  list_ = new RowList(this, "operators.list", say("Operators"),
                      {{say("User name"), 140}, {say("Full name"), 200, wxALIGN_LEFT, true}, {say("Role"), 130}, {say("State"), 170}});
  card_ = new Card(this, say("ACCOUNT"));
  question_ = new FormView(card_, "operators.form");
  card_->content()->Add(question_, 1, wxEXPAND);
  question_->submitted = [this](sdk::Answers answers) { run(std::move(answers)); };
  question_->cancelled = [this] {
    card_->Hide();
    Layout();
    list_->SetFocus();
  };
  columns->Add(list_, 60, wxEXPAND);
  columns->Add(card_, 40, wxEXPAND | wxLEFT, step(3));
  card_->Hide();
  rows->Add(columns, 1, wxEXPAND);
  auto* outer = new wxBoxSizer(wxVERTICAL);
  outer->Add(rows, 1, wxEXPAND | wxALL, step(4));
  SetSizer(outer);
}

void OperatorsPage::begin() {
  load();
  list_->SetFocus();
}

void OperatorsPage::load() {
  in_background(
      this, [&services = shell_.services(), session = shell_.session()] { return services.operators.list(session); },
      [this](core::Result<std::vector<core::Operator>> operators) {
        if (!operators) return show_failure(shell_, operators.error());
        operators_ = std::move(*operators);
        list_->set_rows(
            operators_.size(), [this](std::size_t row, unsigned column) { return cell(row, column); },
            [this](std::size_t row) { return operators_[row].id; });
      });
}

wxString OperatorsPage::cell(std::size_t row, unsigned column) const {
  const core::Operator& one = operators_[row];
  switch (column) {
    case 0: return escaped(from_utf8(one.name));
    case 1: return escaped(from_utf8(one.display_name));
    case 2: return shown(one.role);
    default: break;
  }
  if (one.disabled) return wxString(L"\u25a1 ") + say("disabled");
  if (one.locked_until && *one.locked_until > shell_.services().clock.now()) return wxString(L"\u26a0 ") + say("locked out");
  return one.must_change_password ? say("first password") : say("active");
}

std::string OperatorsPage::selected() const {
  if (list_->selected() >= 0) return operators_[static_cast<std::size_t>(list_->selected())].name;
  shell_.notice(Notice::plain, say("Choose an operator in the list first."));
  return {};
}

void OperatorsPage::ask(sdk::Form form, Run run) {
  form_ = std::move(form);
  run_ = std::move(run);
  card_->Show();
  Layout();
  question_->show(*form_, {});
}

void OperatorsPage::run(sdk::Answers answers) {
  if (const auto problems = core::validate(*form_, answers); !problems.empty()) return question_->show(*form_, problems);
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), run = run_,
       given = std::make_shared<sdk::Answers>(std::move(answers))] { return run(services, session, *given); },
      [this](const core::Result<>& result) {
        if (!result) {
          sdk::Form again = *form_;
          again.problem = result.error().sentence;
          return question_->show(again, {});
        }
        question_->clear();
        card_->Hide();
        Layout();
        shell_.notice(Notice::good, say("Done."));
        load();
        list_->SetFocus();
      });
}

void OperatorsPage::add() {
  Form form(tr("New operator"));
  form.text("name", tr("User name")).text("display_name", tr("Full name"));
  form.choice("role", tr("Role"), {{"operator", tr("operator")}, {"supervisor", tr("supervisor")},
                                    {"field", tr("field staff")}, {"administrator", tr("administrator")}});
  form.secret("password", tr("First password")).hint(tr("It has to be changed at the first sign-in."));
  form.submit_label(tr("Add"));
  ask(std::move(form), [](core::Services& services, const core::Session& session, const sdk::Answers& answers) -> core::Result<> {
    const core::NewOperator wanted{answers["name"], answers["display_name"], "",
                                   core::role_from(answers["role"]).value_or(core::Role::operator_)};
    const auto added = services.operators.add(session, wanted, answers.secret("password"));
    if (!added) return std::unexpected(added.error());
    return {};
  });
}

void OperatorsPage::reset_password() {
  const std::string name = selected();
  if (name.empty()) return;
  Form form(tr("New first password for {1}", name));
  form.secret("password", tr("First password")).hint(tr("It has to be changed at the first sign-in."));
  form.submit_label(tr("Set the password"));
  ask(std::move(form), [name](core::Services& services, const core::Session& session, const sdk::Answers& answers) {
    return services.operators.reset_password(session, name, answers.secret("password"));
  });
}

void OperatorsPage::unlock() {
  const std::string name = selected();
  if (name.empty()) return;
  Form form(tr("Unlock {1}", name));
  form.submit_label(tr("Unlock"));
  ask(std::move(form), [name](core::Services& services, const core::Session& session, const sdk::Answers&) {
    return services.operators.unlock(session, name);
  });
}

void OperatorsPage::disable() {
  const std::string name = selected();
  if (name.empty()) return;
  Form form(tr("Disable {1}", name));
  form.submit_label(tr("Disable"));
  ask(std::move(form), [name](core::Services& services, const core::Session& session, const sdk::Answers&) {
    return services.operators.disable(session, name);
  });
}

}  // namespace anahtar::ui
