// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/ctl/context.h"

namespace anahtar::app::ctl {

void add_cards(Commands& commands);

}  // namespace anahtar::app::ctl
