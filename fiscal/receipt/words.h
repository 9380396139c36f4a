// How slips write: words, amounts and days by the branch's locale (cs, ro; any other is English).
#pragma once
#include <string>
#include <string_view>

#include "node/base/clock.h"
#include "node/base/decimal.h"

namespace paprsek::fiscal {

/// Everything that a slip says in words.
struct Vocabulary {
    const char *receipt, *refund, *refund_of, *reason, *served_by, *place, *copy, *copy_note;
    const char *discount, *discounts, *subtotal, *paid_by_points, *rounding, *total, *given_back, *change, *loan;
    const char *cash, *card, *account, *voucher;
    const char *vat, *base, *tax;
    const char *customer, *points_earned, *points_taken, *points_taken_off, *points_given_back, *points_left, *spend, *debt, *as_of;
    const char *settlement, *settled_items, *deposit, *cash_in, *cash_out, *correction, *amount, *points, *credit, *signature;
    const char *statement, *brief_statement, *nothing_open, *open_sum;
    const char *z_report, *x_report, *shift_opened, *shift_report, *sales, *refunds, *gross, *net;
    const char *tenders, *paid_in, *drawer, *opening, *cash_sales, *cash_refunds, *deposits, *settlements, *loans, *counts, *expected, *counted;
    const char *difference, *cashiers, *account_sales, *customers, *points_awarded, *not_closed, *facts, *approved_by;
};

class SlipWords {
public:
    explicit SlipWords(std::string_view locale);
    const Vocabulary& operator*() const { return *vocabulary_; }
    const Vocabulary* operator->() const { return vocabulary_; }

    std::string money(node::Money amount) const;          ///< "1 234,50"
    std::string points(node::Points points) const;        ///< "120,5"
    std::string quantity(node::Quantity quantity) const;  ///< "0,125"
    std::string percent(node::Rate rate) const;           ///< "21 %"
    std::string date(node::Date date) const;              ///< "2.3.2026", English "2026-03-02"
    std::string moment(node::LocalTime time) const;       ///< "2.3.2026 10:15"
    /// A built-in tender by its name, else the name as the policy has it.
    std::string tender(std::string_view name) const;

private:
    std::string decimal(std::int64_t raw, int digits, int least) const;
    const Vocabulary* vocabulary_;
    char point_, group_;
    bool day_first_;
};

/// "Kč", "lei", "EUR".
std::string currency_sign(std::string_view currency);

}  // namespace paprsek::fiscal
