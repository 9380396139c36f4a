# One place for compiler warnings and hardening.
add_library(paprsek_options INTERFACE)
target_compile_options(paprsek_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wformat=2)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(paprsek_options INTERFACE -Wduplicated-cond -Wlogical-op
    -Wno-maybe-uninitialized -Wno-restrict)  # GCC 12 sees ghosts in std::optional and std::string
endif()
if(PAPRSEK_WERROR)
  target_compile_options(paprsek_options INTERFACE -Werror)
endif()
target_compile_options(paprsek_options INTERFACE -fstack-protector-strong)
# A broken invariant stops the program in every build: assert() stays on, so NDEBUG is never defined.
target_compile_definitions(paprsek_options INTERFACE _GLIBCXX_ASSERTIONS)
target_include_directories(paprsek_options INTERFACE ${PROJECT_SOURCE_DIR})
find_program(PAPRSEK_MOLD mold)
if(PAPRSEK_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(paprsek_options INTERFACE -fuse-ld=mold)
endif()

# paprsek_library(name): a static library from every source of the calling folder.
function(paprsek_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC paprsek_options)
endfunction()
