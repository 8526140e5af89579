/* SPDX-License-Identifier: Apache-2.0 */
/* Made by the build of ledger-style.css. Internal to answer/. */
#ifndef TIDEMARK_ANSWER_LEDGER_STYLE_H
#define TIDEMARK_ANSWER_LEDGER_STYLE_H

extern const char ledger_style[];

#endif
