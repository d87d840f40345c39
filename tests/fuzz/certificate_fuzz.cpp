// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/certificate.h"

using namespace anahtar::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  (void)national_id_in(std::string(text_of(bytes)));
  const auto certificate = Certificate::parse(bytes);
  if (!certificate) return 0;
  (void)national_id_in(certificate->subject_serial());
  (void)certificate->common_name();
  (void)certificate->issuer_name();
  (void)certificate->serial();
  (void)certificate->not_before();
  (void)certificate->not_after();
  (void)certificate->key_bits();
  (void)certificate->signed_by_key(bytes, bytes.first(size / 2));
  static const TrustedRoots nobody("/nonexistent");
  std::string reason;
  (void)nobody.check(*certificate, reason);
  return 0;
}
