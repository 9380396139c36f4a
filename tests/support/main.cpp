#define DOCTEST_CONFIG_IMPLEMENT  // also where the header was parsed before
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
