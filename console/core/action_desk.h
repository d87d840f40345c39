// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/action_ports.h"
#include "core/card_ports.h"
#include "core/run_context.h"

namespace anahtar::core {

/// Private to core: the desk of one run. Every call throws sdk::Cancelled once the run was cancelled or abandoned.
class RunDesk : public sdk::Desk {
 public:
  explicit RunDesk(RunContext& run)
      : run_(run),
        registry_(run),
        call_(run),
        codes_(run),
        civil_registry_(run),
        new_number_(run),
        identity_document_(run),
        call_pin_(run),
        call_back_(run),
        card_(run),
        card_response_(run),
        card_puk_(run),
        card_record_(run),
        previous_number_(run) {}

  sdk::Answers ask(sdk::Form form) override;
  void show(Text notice) override;
  void reveal(Secret secret, sdk::Audience audience) override;
  bool may_reveal(sdk::Audience audience) override;
  bool can_reach_holder(sdk::Delivery delivery) override;
  void progress(double fraction, Text sentence) override;
  bool cancelled() const override { return run_.revoked || run_.stop.stop_requested(); }
  sdk::SubscriberSummary subscriber() override;

  sdk::RegistryPort& registry() override { return declared(sdk::Port::registry, registry_); }
  sdk::CallPort& call() override { return declared(sdk::Port::call, call_); }
  sdk::CodesPort& codes() override { return declared(sdk::Port::codes, codes_); }
  sdk::CivilRegistryPort& civil_registry() override { return declared(sdk::Port::civil_registry, civil_registry_); }
  sdk::NewNumberPort& new_number() override { return declared(sdk::Port::new_number, new_number_); }
  sdk::IdentityDocumentPort& identity_document() override {
    return declared(sdk::Port::identity_document, identity_document_);
  }

  sdk::CallPinPort& call_pin() override { return declared(sdk::Port::call_pin, call_pin_); }
  sdk::CallBackPort& call_back() override { return declared(sdk::Port::call_back, call_back_); }
  sdk::CardPort& card() override { return declared(sdk::Port::card, card_); }
  sdk::CardResponsePort& card_response() override { return declared(sdk::Port::card_response, card_response_); }
  sdk::CardPukPort& card_puk() override { return declared(sdk::Port::card_puk, card_puk_); }
  sdk::CardRecordPort& card_record() override { return declared(sdk::Port::card_record, card_record_); }
  sdk::PreviousNumberPort& previous_number() override {
    return declared(sdk::Port::previous_number, previous_number_);
  }

 private:
  template <class Port>
  Port& declared(sdk::Port which, Port& port) const {
    run_.check_alive();
    check_declared(which);
    return port;
  }
  void check_declared(sdk::Port which) const;

  RunContext& run_;
  RunRegistryPort registry_;
  RunCallPort call_;
  RunCodesPort codes_;
  RunCivilRegistryPort civil_registry_;
  RunNewNumberPort new_number_;
  RunIdentityDocumentPort identity_document_;
  RunCallPinPort call_pin_;
  RunCallBackPort call_back_;
  RunCardPort card_;
  RunCardResponsePort card_response_;
  RunCardPukPort card_puk_;
  RunCardRecordPort card_record_;
  RunPreviousNumberPort previous_number_;
};

}  // namespace anahtar::core
