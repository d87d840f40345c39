// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/smtp_gateway.h"

#include <new>

#include "core/utf8.h"
#include "gateways/mail_text.h"

namespace anahtar::gateways {
namespace {

using core::Code;
using sdk::tr;

struct MimeDeleter {
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using Mime = std::unique_ptr<curl_mime, MimeDeleter>;

/// The body read by curl where it lies, so that no copy of it stays behind.
struct Reading {
  std::string_view left;
  std::string_view whole;
};

std::size_t read_body(char* out, std::size_t, std::size_t room, void* from) {
  auto& reading = *static_cast<Reading*>(from);
  const auto count = reading.left.copy(out, room);
  reading.left.remove_prefix(count);
  return count;
}

int rewind_body(void* from, curl_off_t offset, int origin) {
  auto& reading = *static_cast<Reading*>(from);
  if (origin != SEEK_SET || offset < 0 || static_cast<std::size_t>(offset) > reading.whole.size()) {
    return CURL_SEEKFUNC_FAIL;
  }
  reading.left = reading.whole.substr(static_cast<std::size_t>(offset));
  return CURL_SEEKFUNC_OK;
}

Mime plain_text(CURL* curl, Reading& body) {
  Mime mime(curl_mime_init(curl));
  curl_mimepart* part = mime ? curl_mime_addpart(mime.get()) : nullptr;
  if (!part) throw std::bad_alloc();
  curl_mime_data_cb(part, static_cast<curl_off_t>(body.whole.size()), read_body, rewind_body, nullptr, &body);
  curl_mime_type(part, "text/plain; charset=UTF-8");
  curl_mime_encoder(part, "quoted-printable");
  return mime;
}

std::size_t discard(char*, std::size_t, std::size_t size, void*) { return size; }

bool text_began_to_leave(CURL* curl) {
  curl_off_t bytes = 0;
  curl_easy_getinfo(curl, CURLINFO_SIZE_UPLOAD_T, &bytes);
  return bytes > 0;
}

core::Failure nobody_knows(const std::string& label) {
  return {Code::internal, tr("{1} did not say whether it took the message. Nobody knows whether it was sent.", label)};
}

}  // namespace

SmtpGateway::SmtpGateway(SmtpSettings settings, const core::Clock& clock)
    : settings_(std::move(settings)), clock_(clock), health_(label(), clock, settings_.breaker) {}

core::Result<> SmtpGateway::send(const core::MailMessage& message) {
  if (!is_plain_id(message.id)) return core::failure(Code::invalid, tr("A message came without an identifier."));
  if (!is_mail_address(message.to)) {
    return core::failure(Code::invalid, tr("The e-mail address is not one that a message can be sent to."));
  }
  const auto subject = header_text(message.subject);
  if (!subject || message.body.empty() || !core::count_characters(message.body.expose())) {
    return core::failure(Code::invalid, tr("The message is empty or not proper text."));
  }
  if (const auto known = sent_.claim(message.id)) {
    if (*known == SentIds::Fate::accepted) return {};
    if (!message.may_repeat) return std::unexpected(nobody_knows(label()));
  }
  auto sent = send_claimed(message, *subject);
  if (sent) {
    sent_.accepted(message.id);
  } else if (sent.error().code != Code::internal) {
    sent_.release(message.id);
  }
  return sent;
}

core::Result<> SmtpGateway::send_claimed(const core::MailMessage& message, const std::string& subject) {
  auto permit = health_.enter();
  if (!permit) return std::unexpected(std::move(permit.error()));
  const auto never_left = [](const Refusal& refusal) {
    return !refusal.transport.request_sent && refusal.reply < 400 && !refusal.sign_in_refused &&
           (refusal.transport.trouble == Trouble::connection || refusal.transport.trouble == Trouble::address);
  };
  return judge(with_retries(settings_.retries, [&] { return submit(message, subject); }, never_left),
               std::move(*permit));
}

core::Result<> SmtpGateway::judge(const Outcome& outcome, CircuitBreaker::Permit permit) {
  if (outcome) {
    health_.succeeded(std::move(permit));
    return {};
  }
  const Refusal& refusal = outcome.error();
  if (refusal.sign_in_refused) {
    const auto sentence = tr("{1} does not accept the user name or password of the settings.", label());
    health_.failed(std::move(permit), sentence, /*needs_somebody=*/true);
    return core::failure(Code::unavailable, sentence);
  }
  if (refusal.reply >= 500) {  // about this mail: the server itself is well
    health_.succeeded(std::move(permit));
    return core::failure(Code::refused, tr("{1} refused the message; it was not sent.", label()));
  }
  if (refusal.reply >= 400) {
    const auto sentence = tr("{1} takes no messages at the moment; it was not sent.", label());
    health_.failed(std::move(permit), sentence);
    return core::failure(Code::unavailable, sentence);
  }
  const auto sentence = sentence_of(refusal.transport.trouble, label());
  if (!refusal.transport.request_sent) {
    health_.unreachable(std::move(permit), refusal.transport.trouble);
    return core::failure(Code::unavailable, sentence);
  }
  health_.failed(std::move(permit), sentence, needs_somebody(refusal.transport.trouble));
  return std::unexpected(nobody_knows(label()));
}

void SmtpGateway::look() {
  health_.look([this] { return connect_only(connection().get()); });
}

CurlHandle SmtpGateway::connection() const {
  auto handle = new_handle("smtp", settings_.limits, settings_.ca_file);
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_URL, ("smtp://" + label() + "/" + own_domain()).c_str());
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  if (!settings_.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, settings_.user.c_str());
    std::string password(settings_.password.expose());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, password.c_str());
    sdk::Secret::wipe(password);
  }
  return handle;
}

SmtpGateway::Outcome SmtpGateway::submit(const core::MailMessage& message, const std::string& subject) const {
  const auto handle = connection();
  CURL* curl = handle.get();
  StringList to;
  to.append("<" + message.to + ">");
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ("<" + settings_.from + ">").c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to.get());

  StringList head;
  const auto shown = header_text(settings_.display_name).value_or("");
  head.append("Date: " + mail_date(clock_.now()));
  head.append("From: " + (shown.empty() ? settings_.from : shown + " <" + settings_.from + ">"));
  head.append("To: " + message.to);
  head.append("Subject: " + subject);
  head.append("Message-ID: <" + message.id + "@" + own_domain() + ">");
  head.append("Auto-Submitted: auto-generated");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, head.get());

  Reading body{message.body.expose(), message.body.expose()};
  const auto mime = plain_text(curl, body);
  curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);

  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_OK) return {};
  Refusal refusal{{trouble_of(code), text_began_to_leave(curl)}, 0, code == CURLE_LOGIN_DENIED};
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &refusal.reply);
  return std::unexpected(refusal);
}

}  // namespace anahtar::gateways
