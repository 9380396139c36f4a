#include "node/base/text.h"

#include <doctest/doctest.h>

using namespace paprsek;

TEST_CASE("a first letter is raised in every alphabet, and nothing else changes") {
    CHECK(node::with_capital("řada řádků") == "Řada řádků");
    CHECK(node::with_capital("șnur") == "Șnur");
    CHECK(node::with_capital("ůžasný") == "Ůžasný");
    CHECK(node::with_capital("žemle") == "Žemle");
    CHECK(node::with_capital("îngheţată") == "Îngheţată");
    CHECK(node::with_capital("bread") == "Bread");
    CHECK(node::with_capital("Bread") == "Bread");
    CHECK(node::with_capital("3 rolls") == "3 rolls");
    CHECK(node::with_capital("\"quoted\"") == "\"quoted\"");
    CHECK(node::with_capital("").empty());
    CHECK(node::with_capital("\xC5") == "\xC5");  // half a letter
}
