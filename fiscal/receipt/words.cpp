#include "fiscal/receipt/words.h"

#include <fmt/format.h>

namespace paprsek::fiscal {
namespace {

constexpr Vocabulary czech = {.receipt = "Účtenka",
                              .refund = "Vratka",
                              .refund_of = "K účtence",
                              .reason = "Důvod",
                              .served_by = "Obsluha",
                              .place = "Stůl",
                              .copy = "KOPIE",
                              .copy_note = "Opis dokladu, který už byl vydán",
                              .discount = "sleva",
                              .discounts = "Slevy celkem",
                              .subtotal = "Mezisoučet",
                              .paid_by_points = "Zaplaceno z věrnostního konta",
                              .rounding = "Zaokrouhlení",
                              .total = "CELKEM",
                              .given_back = "VRÁCENO",
                              .change = "Vráceno",
                              .loan = "Vydáno v hotovosti",
                              .cash = "Hotově",
                              .card = "Kartou",
                              .account = "Na účet",
                              .voucher = "Poukázka",
                              .vat = "DPH",
                              .base = "základ",
                              .tax = "daň",
                              .customer = "Zákazník",
                              .points_earned = "Získané body",
                              .points_taken = "Použité body",
                              .points_taken_off = "Odečtené body",
                              .points_given_back = "Vrácené body",
                              .points_left = "Bodů na kontě",
                              .spend = "Útrata",
                              .debt = "Dluh na účtu",
                              .as_of = "Zůstatek podle stavu k",
                              .settlement = "Úhrada účtu",
                              .settled_items = "Uhrazené položky",
                              .deposit = "Vklad na konto",
                              .cash_in = "Vklad do pokladny",
                              .cash_out = "Výběr z pokladny",
                              .correction = "Oprava konta",
                              .amount = "Částka",
                              .points = "Body",
                              .credit = "Dobropis",
                              .signature = "Podpis",
                              .statement = "Výpis nezaplacených položek",
                              .brief_statement = "Nezaplacené účtenky",
                              .nothing_open = "Nic není nezaplaceno.",
                              .open_sum = "K ÚHRADĚ",
                              .z_report = "Denní uzávěrka Z",
                              .x_report = "Přehled X",
                              .shift_opened = "Otevření směny",
                              .shift_report = "Uzávěrka směny",
                              .sales = "Prodeje",
                              .refunds = "Vratky",
                              .gross = "bez slev",
                              .net = "po slevách",
                              .tenders = "Platby",
                              .paid_in = "Úhrady a vklady",
                              .drawer = "Pokladna",
                              .opening = "Počáteční stav",
                              .cash_sales = "Hotovost z prodeje",
                              .cash_refunds = "Vyplaceno za vratky",
                              .deposits = "Vklady zákazníků",
                              .settlements = "Úhrady účtů",
                              .loans = "Půjčky",
                              .counts = "Rozdíly směn",
                              .expected = "Má být",
                              .counted = "Napočítáno",
                              .difference = "Rozdíl",
                              .cashiers = "Obsluha",
                              .account_sales = "Prodeje na účet",
                              .customers = "Účtenek se zákazníkem",
                              .points_awarded = "Získané body",
                              .not_closed = "Den není uzavřen.",
                              .facts = "Záznamy",
                              .approved_by = "Schválil"};

constexpr Vocabulary romanian = {.receipt = "Bon",
                                 .refund = "Retur",
                                 .refund_of = "La bonul",
                                 .reason = "Motiv",
                                 .served_by = "Operator",
                                 .place = "Masa",
                                 .copy = "COPIE",
                                 .copy_note = "Copie a unui document emis",
                                 .discount = "reducere",
                                 .discounts = "Total reduceri",
                                 .subtotal = "Subtotal",
                                 .paid_by_points = "Plătit din contul de fidelitate",
                                 .rounding = "Rotunjire",
                                 .total = "TOTAL",
                                 .given_back = "RESTITUIT",
                                 .change = "Rest",
                                 .loan = "Numerar eliberat",
                                 .cash = "Numerar",
                                 .card = "Card",
                                 .account = "Pe cont",
                                 .voucher = "Tichet",
                                 .vat = "TVA",
                                 .base = "bază",
                                 .tax = "taxă",
                                 .customer = "Client",
                                 .points_earned = "Puncte câștigate",
                                 .points_taken = "Puncte folosite",
                                 .points_taken_off = "Puncte scăzute",
                                 .points_given_back = "Puncte restituite",
                                 .points_left = "Puncte în cont",
                                 .spend = "Cumpărături",
                                 .debt = "Datorie pe cont",
                                 .as_of = "Sold după situația din",
                                 .settlement = "Achitarea contului",
                                 .settled_items = "Poziții achitate",
                                 .deposit = "Depunere în cont",
                                 .cash_in = "Intrare în casă",
                                 .cash_out = "Ieșire din casă",
                                 .correction = "Corecția contului",
                                 .amount = "Suma",
                                 .points = "Puncte",
                                 .credit = "Notă de credit",
                                 .signature = "Semnătura",
                                 .statement = "Situația pozițiilor neachitate",
                                 .brief_statement = "Bonuri neachitate",
                                 .nothing_open = "Nimic de achitat.",
                                 .open_sum = "DE ACHITAT",
                                 .z_report = "Raport zilnic Z",
                                 .x_report = "Raport X",
                                 .shift_opened = "Deschiderea turei",
                                 .shift_report = "Închiderea turei",
                                 .sales = "Vânzări",
                                 .refunds = "Retururi",
                                 .gross = "fără reduceri",
                                 .net = "după reduceri",
                                 .tenders = "Plăți",
                                 .paid_in = "Achitări și depuneri",
                                 .drawer = "Casa",
                                 .opening = "Sold inițial",
                                 .cash_sales = "Numerar din vânzări",
                                 .cash_refunds = "Restituit în numerar",
                                 .deposits = "Depuneri ale clienților",
                                 .settlements = "Conturi achitate",
                                 .loans = "Împrumuturi",
                                 .counts = "Diferențe de tură",
                                 .expected = "Trebuie să fie",
                                 .counted = "Numărat",
                                 .difference = "Diferența",
                                 .cashiers = "Operatori",
                                 .account_sales = "Vânzări pe cont",
                                 .customers = "Bonuri cu client",
                                 .points_awarded = "Puncte acordate",
                                 .not_closed = "Ziua nu este închisă.",
                                 .facts = "Înregistrări",
                                 .approved_by = "Aprobat de"};

constexpr Vocabulary english = {.receipt = "Receipt",
                                .refund = "Refund",
                                .refund_of = "Of receipt",
                                .reason = "Reason",
                                .served_by = "Served by",
                                .place = "Table",
                                .copy = "COPY",
                                .copy_note = "Copy of a document issued before",
                                .discount = "discount",
                                .discounts = "Discounts",
                                .subtotal = "Subtotal",
                                .paid_by_points = "Paid from loyalty account",
                                .rounding = "Rounding",
                                .total = "TOTAL",
                                .given_back = "GIVEN BACK",
                                .change = "Change",
                                .loan = "Cash handed out",
                                .cash = "Cash",
                                .card = "Card",
                                .account = "On account",
                                .voucher = "Voucher",
                                .vat = "VAT",
                                .base = "base",
                                .tax = "tax",
                                .customer = "Customer",
                                .points_earned = "Points earned",
                                .points_taken = "Points used",
                                .points_taken_off = "Points taken off",
                                .points_given_back = "Points given back",
                                .points_left = "Points left",
                                .spend = "Spend",
                                .debt = "Owed on account",
                                .as_of = "Balance as known on",
                                .settlement = "Account settled",
                                .settled_items = "Items settled",
                                .deposit = "Deposit",
                                .cash_in = "Cash in",
                                .cash_out = "Cash out",
                                .correction = "Account corrected",
                                .amount = "Amount",
                                .points = "Points",
                                .credit = "Credit",
                                .signature = "Signature",
                                .statement = "Statement of unpaid items",
                                .brief_statement = "Unpaid receipts",
                                .nothing_open = "Nothing is unpaid.",
                                .open_sum = "TO BE PAID",
                                .z_report = "Z report",
                                .x_report = "X report",
                                .shift_opened = "Shift opened",
                                .shift_report = "Shift closed",
                                .sales = "Sales",
                                .refunds = "Refunds",
                                .gross = "before discounts",
                                .net = "after discounts",
                                .tenders = "Payments",
                                .paid_in = "Settlements and deposits",
                                .drawer = "Drawer",
                                .opening = "Opening",
                                .cash_sales = "Cash of sales",
                                .cash_refunds = "Cash given back",
                                .deposits = "Customers' deposits",
                                .settlements = "Accounts settled",
                                .loans = "Loans",
                                .counts = "Found by shifts",
                                .expected = "Expected",
                                .counted = "Counted",
                                .difference = "Difference",
                                .cashiers = "Cashiers",
                                .account_sales = "Sold on account",
                                .customers = "Receipts with a customer",
                                .points_awarded = "Points awarded",
                                .not_closed = "The day is not closed.",
                                .facts = "Entries",
                                .approved_by = "Approved by"};

}  // namespace

SlipWords::SlipWords(std::string_view locale) : vocabulary_(&english), point_('.'), group_(','), day_first_(false) {
    if (locale.starts_with("cs")) {
        vocabulary_ = &czech;
        point_ = ',';
        group_ = ' ';
        day_first_ = true;
    } else if (locale.starts_with("ro")) {
        vocabulary_ = &romanian;
        point_ = ',';
        group_ = '.';
        day_first_ = true;
    }
}

std::string SlipWords::decimal(std::int64_t raw, int digits, int least) const {
    std::string text = node::detail::print_decimal(raw, digits, least);
    const auto end = std::min(text.find('.'), text.size());
    const std::size_t begin = text.starts_with('-') ? 1 : 0;
    if (end < text.size()) text[end] = point_;
    for (std::size_t at = end; at > begin + 3;) text.insert(at -= 3, 1, group_);
    return text;
}

std::string SlipWords::money(node::Money amount) const { return decimal(amount.raw(), node::Money::digits, 2); }
std::string SlipWords::points(node::Points points) const {
    const bool whole = points.raw() % 100 == 0;
    return decimal(points.raw(), node::Points::digits, whole ? 0 : node::Points::digits);  // as the screen: 154,80 and 12
}
std::string SlipWords::quantity(node::Quantity quantity) const { return decimal(quantity.raw(), node::Quantity::digits, 0); }
std::string SlipWords::percent(node::Rate rate) const { return decimal(rate.raw(), node::Rate::digits, 0) + " %"; }

std::string SlipWords::date(node::Date date) const {
    const std::string printed = node::print(date);  // 2026-03-02
    if (!day_first_) return printed;
    const auto number = [&](std::size_t at) { return printed.substr(at + (printed[at] == '0' ? 1 : 0), printed[at] == '0' ? 1 : 2); };
    return number(printed.size() - 2) + "." + number(printed.size() - 5) + "." + printed.substr(0, printed.size() - 6);
}

std::string SlipWords::moment(node::LocalTime time) const { return fmt::format("{} {}:{:02}", date(time.date), time.minute / 60, time.minute % 60); }

std::string SlipWords::tender(std::string_view name) const {
    if (name == "cash") return vocabulary_->cash;
    if (name == "card") return vocabulary_->card;
    if (name == "account") return vocabulary_->account;
    if (name == "voucher") return vocabulary_->voucher;
    std::string shown(name);
    for (char& c : shown)
        if (c == '_') c = ' ';
    return shown;
}

std::string currency_sign(std::string_view currency) {
    if (currency == "CZK") return "Kč";
    if (currency == "RON") return "lei";
    return std::string(currency);
}

}  // namespace paprsek::fiscal
