// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/audit_page.h"

#include <utility>

#include <wx/datetime.h>
#include <wx/wrapsizer.h>

#include "ui/accessible.h"
#include "ui/background.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace anahtar::ui {
namespace {

constexpr int page_size = 200;

struct TypeChoice {
  const char* type;
  const char* name;
};
/// What people look for; each stands for the types that begin like it.
constexpr TypeChoice types[] = {{"", wxTRANSLATE("everything")},
                                {"session.", wxTRANSLATE("signing in and out")},
                                {"ticket.", wxTRANSLATE("tickets")},
                                {"subscriber.", wxTRANSLATE("looks at data")},
                                {"verification.", wxTRANSLATE("verification")},
                                {"action.", wxTRANSLATE("actions")},
                                {"effect.", wxTRANSLATE("messages and effects")},
                                {"operator.", wxTRANSLATE("operators")},
                                {"call.", wxTRANSLATE("calls")},
                                {"import.", wxTRANSLATE("imports")},
                                {"audit.", wxTRANSLATE("the log itself")},
                                {"plugin.", wxTRANSLATE("plugins")}};

/// "21.03.2026" or "2026-03-21", local midnight.
std::optional<core::Time> day(const wxString& typed) {
  wxDateTime date;
  wxString::const_iterator end;
  const bool parsed = (date.ParseFormat(typed, "%d.%m.%Y", &end) && end == typed.end()) ||
                      (date.ParseFormat(typed, "%Y-%m-%d", &end) && end == typed.end());
  if (!parsed) return std::nullopt;
  date.ResetTime();
  return core::Time(std::chrono::seconds(date.GetTicks()));
}

}  // namespace

AuditPage::AuditPage(wxWindow* parent, Shell& shell) : Surface(parent, "window"), shell_(shell) {
  SetName("audit");
  auto* rows = new wxBoxSizer(wxVERTICAL);
  rows->Add(label(this, shell.session().role == core::Role::operator_ || shell.session().role == core::Role::field
                            ? say("Your audit records") : say("Audit log"), "title"), 0, wxBOTTOM, step(2));
  verify_ = new VerifyPanel(this, shell);
  verify_->verified = [this] { load(0); };
  rows->Add(verify_, 0, wxEXPAND | wxBOTTOM, step(2));
  build_filters(rows);
  auto* columns = new wxBoxSizer(wxHORIZONTAL);
  list_ = new RowList(this, "audit.list", say("Audit records"),
                      {{say("Time"), 160},
                       {say("Who"), 120},
                       {say("What"), 260, wxALIGN_LEFT, true},
                       {say("Ticket"), 80, wxALIGN_RIGHT},
                       {say("Record"), 80, wxALIGN_RIGHT}});
  list_->chosen = [this](int row) { show_record(static_cast<std::size_t>(row)); };
  record_ = new RowList(this, "audit.record", say("One record in full"), {{say("Field"), 110}, {say("Value"), 200, wxALIGN_LEFT, true}});
  record_->let_heights_differ();
  columns->Add(list_, 65, wxEXPAND);
  columns->Add(record_, 35, wxEXPAND | wxLEFT, step(3));
  rows->Add(columns, 1, wxEXPAND);
  auto* paging = new wxBoxSizer(wxHORIZONTAL);
  range_ = label(this, "", "muted");
  range_->SetName("audit.range");
  newer_ = button(this, say("Ne&wer"), "audit.newer", [this] { load(std::max<std::int64_t>(0, offset_ - page_size)); });
  older_ = button(this, say("&Older"), "audit.older", [this] { load(offset_ + page_size); });
  paging->Add(range_, 1, wxALIGN_CENTER_VERTICAL);
  paging->Add(newer_, 0, wxRIGHT, step(2));
  paging->Add(older_);
  rows->Add(paging, 0, wxEXPAND | wxTOP, step(2));
  auto* outer = new wxBoxSizer(wxVERTICAL);
  outer->Add(rows, 1, wxEXPAND | wxALL, step(4));
  SetSizer(outer);
  record_->clear();
}

wxTextCtrl* AuditPage::add_filter(wxSizer* row, const wxString& name, const char* id, int width) {
  auto* column = new wxBoxSizer(wxVERTICAL);
  column->Add(label(this, name, "muted"), 0, wxBOTTOM, step(1));
  auto* field = new TextField(this, id, wxTE_PROCESS_ENTER);
  field->Bind(wxEVT_TEXT_ENTER, [this](wxCommandEvent&) { load(0); });
  field->SetMinSize(wxSize(scaled(width), -1));
  set_accessible_name(field, name);
  column->Add(field);
  row->Add(column, 0, wxRIGHT | wxBOTTOM, step(2));
  return field;
}

void AuditPage::build_filters(wxSizer* rows) {
  auto* row = new wxWrapSizer(wxHORIZONTAL);
  from_ = add_filter(row, say("From (day)"), "audit.from", 120);
  to_ = add_filter(row, say("To (day)"), "audit.to", 120);
  from_->SetHint(say("DD.MM.YYYY"));
  to_->SetHint(say("DD.MM.YYYY"));
  auto* column = new wxBoxSizer(wxVERTICAL);
  column->Add(label(this, say("About"), "muted"), 0, wxBOTTOM, step(1));
  type_ = new wxChoice(this, wxID_ANY, wxDefaultPosition, wxDefaultSize, 0, nullptr, 0, wxDefaultValidator, "audit.type");
  for (const TypeChoice& each : types) type_->Append(say(each.name));
  type_->SetSelection(0);
  type_->Bind(wxEVT_CHOICE, [this](wxCommandEvent&) { load(0); });
  set_accessible_name(type_, say("About"));
  type_->SetMinSize(wxSize(-1, from_->GetBestSize().y));
  column->Add(type_);
  row->Add(column, 0, wxRIGHT | wxBOTTOM, step(2));
  actor_ = add_filter(row, say("Operator"), "audit.actor", 130);
  ticket_ = add_filter(row, say("Ticket"), "audit.ticket", 90);
  subscriber_ = add_filter(row, say("Subscriber #"), "audit.subscriber", 110);
  auto* go = button(this, say("&Apply"), "audit.apply", [this] { load(0); });
  row->Add(go, 0, wxALIGN_BOTTOM | wxBOTTOM, step(2));
  rows->Add(row, 0, wxEXPAND);
}

void AuditPage::begin() {
  load(0);
  list_->SetFocus();
}

std::optional<core::AuditFilter> AuditPage::filter() {
  core::AuditFilter wanted;
  bool good = true;
  const auto read_day = [&](wxTextCtrl* field, bool end) -> std::optional<core::Time> {
    set_class(field, "wrong", false);
    if (field->IsEmpty()) return std::nullopt;
    auto at = day(field->GetValue());
    set_class(field, "wrong", !at);
    if (!at) good = false;
    if (at && end) *at += std::chrono::hours(24);
    return at;
  };
  const auto read_number = [&](wxTextCtrl* field) -> std::optional<std::int64_t> {
    set_class(field, "wrong", false);
    wxString typed = field->GetValue();
    if (typed.empty()) return std::nullopt;
    if (typed.StartsWith("#")) typed = typed.Mid(1);
    wxLongLong_t number = 0;
    const bool ok = typed.ToLongLong(&number);
    set_class(field, "wrong", !ok);
    if (!ok) good = false;
    return number;
  };
  wanted.from = read_day(from_, false);
  wanted.to = read_day(to_, true);
  wanted.type = types[std::max(0, type_->GetSelection())].type;
  wanted.actor = to_utf8(actor_->GetValue());
  wanted.ticket = read_number(ticket_);
  wanted.subscriber = read_number(subscriber_);
  wanted.limit = page_size;
  if (good) return wanted;
  asked_to_correct_ = true;
  shell_.notice(Notice::plain, say("A day is written like 21.03.2026, a ticket or subscriber as a number. Correct the marked fields."));
  return std::nullopt;
}

void AuditPage::load(std::int64_t offset) {
  auto wanted = filter();
  if (!wanted) return;
  if (std::exchange(asked_to_correct_, false)) shell_.clear_notice();
  wanted->offset = offset;
  const int generation = ++generation_;
  in_background(
      this,
      [&services = shell_.services(), session = shell_.session(), filter = *wanted] {
        return services.audit.list(session, filter);
      },
      [this, generation, offset](core::Result<core::AuditTrail::Page> page) {
        if (generation != generation_) return;
        if (!page) return show_failure(shell_, page.error());
        offset_ = offset;
        draw(std::move(*page));
      });
}

void AuditPage::draw(core::AuditTrail::Page page) {
  page_ = std::move(page);
  list_->set_rows(
      page_.rows.size(), [this](std::size_t row, unsigned column) { return cell(row, column); },
      [this](std::size_t row) { return static_cast<std::int64_t>(page_.rows[row].seq); });
  const auto last = offset_ + static_cast<std::int64_t>(page_.rows.size());
  set_text(range_, page_.total == 0 ? say("No records fit.")
                                    : say("{1} to {2} of {3}", to_utf8(shown_count(offset_ + 1)), to_utf8(shown_count(last)),
                                          to_utf8(shown_count(page_.total))));
  newer_->Enable(offset_ > 0);
  older_->Enable(last < page_.total);
  Layout();
  if (page_.rows.empty()) record_->clear();
  if (list_->selected() < 0 && !page_.rows.empty()) {
    list_->select(0);
    show_record(0);
  }
}

wxString AuditPage::cell(std::size_t row, unsigned column) const {
  const core::AuditRow& record = page_.rows[row];
  switch (column) {
    case 0: return shown_full_time(record.time);
    case 1: return record.actor.empty() ? "<i>" + say("program") + "</i>" : escaped(from_utf8(record.actor));
    case 2: return escaped(shown(shell_.services().audit.sentence_of(record)));
    case 3: return record.ticket ? wxString::Format("#%lld", static_cast<long long>(*record.ticket)) : wxString();
    default: return wxString::Format("%llu", static_cast<unsigned long long>(record.seq));
  }
}

void AuditPage::show_record(std::size_t row) {
  const core::AuditRow& record = page_.rows[row];
  record_rows_ = {{say("Type"), from_utf8(record.type)},
                  {say("Time"), shown_full_time(record.time)},
                  {say("Who"), record.actor.empty() ? say("program") : from_utf8(record.actor)},
                  {say("Role"), record.role.empty() ? wxString() : from_utf8(record.role)}};
  if (const auto role = core::role_from(record.role)) record_rows_.back().second = shown(*role);
  if (record.ticket) record_rows_.emplace_back(say("Ticket"), wxString::Format("#%lld", static_cast<long long>(*record.ticket)));
  if (record.subscriber)
    record_rows_.emplace_back(say("Subscriber"), wxString::Format("#%lld", static_cast<long long>(*record.subscriber)));
  for (const auto& [name, value] : record.fields) 
    record_rows_.emplace_back(shown(core::Titles::field(name)), from_utf8(value));
  record_rows_.emplace_back(say("Device"), from_utf8(record.device));
  record_rows_.emplace_back(say("Number"), wxString::Format("%u/%llu", record.incarnation, static_cast<unsigned long long>(record.seq)));
  const auto key = static_cast<std::int64_t>(record.seq) * 1000;
  record_->set_rows(
      record_rows_.size(),
      [this](std::size_t at, unsigned column) {
        if (column == 0) return "<span alpha=\"75%\">" + escaped(record_rows_[at].first) + "</span>";
        return escaped(wrapped(record_, record_rows_[at].second, std::max(120, record_->GetClientSize().x - 150)));
      },
      [key](std::size_t at) { return key + static_cast<std::int64_t>(at); });
}

}  // namespace anahtar::ui
