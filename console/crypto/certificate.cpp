// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "crypto/openssl.h"

namespace anahtar::crypto {
namespace {

using X509Ptr = detail::Owned<X509, X509_free>;

std::string entry_of(X509_NAME* name, int nid) {
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) return {};
  std::string value(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return value;
}

std::chrono::sys_seconds seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

struct Certificate::Handle {
  X509Ptr x509;
};

Result<Certificate> Certificate::parse(BytesView der) {
  const unsigned char* at = der.data();
  X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!x509 || X509_get0_pubkey(x509.get()) == nullptr) return std::unexpected("not an X.509 certificate");
  return Certificate(std::shared_ptr<const Handle>(new Handle{std::move(x509)}));
}

std::string Certificate::subject_serial() const {
  return entry_of(X509_get_subject_name(handle_->x509.get()), NID_serialNumber);
}
std::string Certificate::common_name() const {
  return entry_of(X509_get_subject_name(handle_->x509.get()), NID_commonName);
}
std::string Certificate::issuer_name() const {
  X509_NAME* name = X509_get_issuer_name(handle_->x509.get());
  const std::string common = entry_of(name, NID_commonName);
  return common.empty() ? entry_of(name, NID_organizationName) : common;
}

std::string Certificate::serial() const {
  const ASN1_INTEGER* number = X509_get0_serialNumber(handle_->x509.get());
  const detail::Owned<BIGNUM, BN_free> big(ASN1_INTEGER_to_BN(number, nullptr));
  char* text = big ? BN_bn2hex(big.get()) : nullptr;
  std::string value = text ? text : "";
  OPENSSL_free(text);
  return value;
}

std::chrono::sys_seconds Certificate::not_before() const { return seconds_of(X509_get0_notBefore(handle_->x509.get())); }
std::chrono::sys_seconds Certificate::not_after() const { return seconds_of(X509_get0_notAfter(handle_->x509.get())); }

bool Certificate::has_rsa_key() const { return EVP_PKEY_is_a(X509_get0_pubkey(handle_->x509.get()), "RSA") == 1; }
int Certificate::key_bits() const { return EVP_PKEY_get_bits(X509_get0_pubkey(handle_->x509.get())); }

bool Certificate::signed_by_key(BytesView message, BytesView signature) const {
  const detail::Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(handle_->x509.get())) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

std::string national_id_in(const std::string& subject_serial) {
  constexpr std::size_t length = 11;
  for (auto at = subject_serial.begin(); at != subject_serial.end();) {
    const auto begin = std::find_if(at, subject_serial.end(), is_digit);
    const auto end = std::find_if_not(begin, subject_serial.end(), is_digit);
    if (end - begin == length && *begin != '0') return {begin, end};
    at = end;
  }
  return {};
}

struct TrustedRoots::Store {
  detail::Owned<X509_STORE, X509_STORE_free> roots{X509_STORE_new()};
  std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> between{
      sk_X509_new_null(), [](STACK_OF(X509)* stack) { sk_X509_pop_free(stack, X509_free); }};
  bool any = false, lists = false;

  void read_certificates(BIO* file) {
    while (X509* const x509 = PEM_read_bio_X509(file, nullptr, nullptr, nullptr)) {
      if (X509_self_signed(x509, 1) == 1) {
        any = X509_STORE_add_cert(roots.get(), x509) == 1 || any;
        X509_free(x509);
      } else {
        sk_X509_push(between.get(), x509);
      }
    }
  }
  void read_list(BIO* file) {
    if (X509_CRL* const list = PEM_read_bio_X509_CRL(file, nullptr, nullptr, nullptr)) {
      lists = X509_STORE_add_crl(roots.get(), list) == 1 || lists;
      X509_CRL_free(list);
    }
  }
};

TrustedRoots::TrustedRoots(const std::filesystem::path& folder) : store_(std::make_unique<Store>()) {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const auto kind = entry.path().extension();
    const detail::Owned<BIO, BIO_free> file(BIO_new_file(entry.path().c_str(), "r"));
    if (!file) continue;
    if (kind == ".pem" || kind == ".crt") store_->read_certificates(file.get());
    if (kind == ".crl") store_->read_list(file.get());
  }
}

TrustedRoots::~TrustedRoots() = default;
TrustedRoots::TrustedRoots(TrustedRoots&&) noexcept = default;

TrustedRoots::Verdict TrustedRoots::check(const Certificate& certificate, std::string& reason) const {
  if (!store_->any) return Verdict::no_roots;
  const detail::Owned<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
  if (!context || X509_STORE_CTX_init(context.get(), store_->roots.get(), certificate.handle_->x509.get(), store_->between.get()) != 1)
    throw CryptoError("a certificate could not be checked");
  X509_VERIFY_PARAM* const how = X509_STORE_CTX_get0_param(context.get());
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  // OpenSSL takes the very second of notAfter for too late.
  const auto last = std::max(certificate.not_before(), certificate.not_after() - std::chrono::seconds(1));
  const auto at = std::clamp(now, certificate.not_before(), last);
  X509_VERIFY_PARAM_set_time(how, static_cast<time_t>(at.time_since_epoch().count()));
  if (store_->lists) X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_CRL_CHECK);
  X509_STORE_CTX_set_verify_cb(context.get(), [](int good, X509_STORE_CTX* now_at) -> int {
    const int error = X509_STORE_CTX_get_error(now_at);  // a list that is not there, or is old, says nothing against anybody
    return good || error == X509_V_ERR_UNABLE_TO_GET_CRL || error == X509_V_ERR_CRL_HAS_EXPIRED || error == X509_V_ERR_CRL_NOT_YET_VALID;
  });
  if (X509_verify_cert(context.get()) == 1) return Verdict::trusted;
  const int error = X509_STORE_CTX_get_error(context.get());
  reason = X509_verify_cert_error_string(error);
  return error == X509_V_ERR_CERT_REVOKED ? Verdict::revoked : Verdict::untrusted;
}

}  // namespace anahtar::crypto
