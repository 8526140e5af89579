/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEMARK_PORTAL_MACHINE_H
#define TIDEMARK_PORTAL_MACHINE_H

#include "portal/handler.h"

portal_handler portal_health, portal_metrics;

#endif
