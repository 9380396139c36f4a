# One place for compiler warnings and hardening.
add_library(paprsek_options INTERFACE)
target_compile_options(paprsek_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wformat=2)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(paprsek_options INTERFACE -Wduplicated-cond -Wlogical-op
    -Wno-maybe-uninitialized -Wno-restrict
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)  # GCC 12 sees ghosts in std::optional and std::string
endif()
if(PAPRSEK_WERROR)
  target_compile_options(paprsek_options INTERFACE -Werror)
endif()
target_compile_options(paprsek_options INTERFACE -fstack-protector-strong)
# A broken invariant stops the program in every build: assert() stays on, so NDEBUG is never defined.
target_compile_definitions(paprsek_options INTERFACE _GLIBCXX_ASSERTIONS)
target_include_directories(paprsek_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(paprsek_options INTERFACE -pthread)
target_link_libraries(paprsek_options INTERFACE Threads::Threads)
find_program(PAPRSEK_MOLD mold)
if(PAPRSEK_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(paprsek_options INTERFACE -fuse-ld=mold)
endif()

# What nearly every source reads is parsed once: half of a build is reading headers. None of ours, for they change. The flags are
# those of every library and program; tests have a set of their own (tests/CMakeLists.txt).
set(PAPRSEK_HEADERS <algorithm> <array> <cassert> <charconv> <chrono> <cstdint> <deque> <filesystem> <functional> <map> <memory> <optional> <set> <span>
  <string> <string_view> <unordered_map> <utility> <vector> <fmt/format.h> <nlohmann/json.hpp>)
if(PAPRSEK_PARSED_HEADERS)
  # The literals of the JSON library's header call its parser, so that each of 400 sources would instantiate one: half of the time that
  # an empty source takes. Nothing here uses them, and a copy of the header is read that parses nothing in them.
  find_path(PAPRSEK_JSON_FOLDER nlohmann/json.hpp REQUIRED)
  file(READ ${PAPRSEK_JSON_FOLDER}/nlohmann/json.hpp json_header)
  string(REPLACE "return nlohmann::json::parse(s, s + n);" "static_cast<void>(n); return nlohmann::json(s);" json_header "${json_header}")
  file(WRITE ${CMAKE_BINARY_DIR}/json.hpp "${json_header}")
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/headers/nlohmann)
  file(COPY_FILE ${CMAKE_BINARY_DIR}/json.hpp ${CMAKE_BINARY_DIR}/headers/nlohmann/json.hpp ONLY_IF_DIFFERENT)  # else all is built again
  target_include_directories(paprsek_options SYSTEM INTERFACE ${CMAKE_BINARY_DIR}/headers)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/parsed_headers.cpp CONTENT "")  # written once
  add_library(parsed_headers STATIC ${CMAKE_BINARY_DIR}/parsed_headers.cpp)
  target_link_libraries(parsed_headers PRIVATE paprsek_options fmt::fmt nlohmann_json::nlohmann_json)
  target_precompile_headers(parsed_headers PRIVATE ${PAPRSEK_HEADERS})
endif()
function(paprsek_headers target)
  if(PAPRSEK_PARSED_HEADERS)
    target_precompile_headers(${target} REUSE_FROM parsed_headers)
  endif()
endfunction()

# paprsek_together(target): several of its sources are compiled as one. Most of a compilation is reading headers and what the libraries'
# templates become, and that is the same in all of them: it halves the build. A source with compiler options of its own stays alone.
function(paprsek_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)  # takes the anonymous namespace of a source for one of a header
  endif()
endfunction()

# paprsek_library(name): a static library from every source of the calling folder.
function(paprsek_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(${name} STATIC ${sources})
  paprsek_together(${name})
  target_link_libraries(${name} PUBLIC paprsek_options)
endfunction()
