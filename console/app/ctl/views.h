// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

#include "app/ctl/context.h"

/// The desk's values, for programs and for people.
namespace anahtar::app::ctl {

Json to_json(const core::SubscriberLine& line);
Json to_json(const core::SubscriberView& view);
Json to_json(const core::VerificationStatus& status);
Json to_json(const core::TicketLine& line);
Json to_json(const core::TicketView& view);
Json to_json(const core::MessageStatus& message);
Json to_json(const core::AuditRow& row, const core::Text& sentence);
Json to_json(const core::AuditReport& report);
Json to_json(const core::ImportReport& report);

std::string text_of(const core::SubscriberView& view);
std::string text_of(const core::TicketView& view, core::Time now);

/// The exit status; says why the rest of the file was not read.
int end_of_import(const core::ImportReport& report);

}  // namespace anahtar::app::ctl
