# wm_library, wm_executable, wm_test and wm_fuzz: the only ways a target is made here.

add_library(wm_options INTERFACE)
target_compile_options(wm_options INTERFACE
  -Wall -Wextra -Wpedantic
  "$<$<COMPILE_LANGUAGE:CXX>:-Wshadow;-Wconversion;-Wsign-conversion;-Wold-style-cast;-Wnon-virtual-dtor;-Woverloaded-virtual>"
  # libstdc++ 12's own stable_sort uses what it calls deprecated; clang tells of it at our call.
  "$<$<CXX_COMPILER_ID:Clang>:-Wthread-safety;-Wno-deprecated-declarations>"
  $<$<BOOL:${WM_WERROR}>:-Werror>)
target_include_directories(wm_options INTERFACE ${PROJECT_SOURCE_DIR})
if(WM_SANITIZE)
  add_compile_options(-fsanitize=${WM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${WM_SANITIZE})
endif()
if(WM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
find_program(WM_MOLD mold)
if(WM_MOLD AND NOT WM_SANITIZE MATCHES thread)
  add_link_options(-fuse-ld=mold)
endif()

# The standard and test headers that nearly every file includes, compiled once and shared by all targets.
add_library(wm_pch OBJECT ${PROJECT_SOURCE_DIR}/cmake/pch.cc)
target_precompile_headers(wm_pch PRIVATE
  <algorithm> <array> <chrono> <cstdint> <expected> <filesystem> <functional> <map> <memory> <mutex>
  <optional> <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>)
target_link_libraries(wm_pch PRIVATE wm_options)
add_library(wm_test_pch OBJECT ${PROJECT_SOURCE_DIR}/cmake/pch.cc)
target_precompile_headers(wm_test_pch PRIVATE
  <algorithm> <array> <chrono> <cstdint> <expected> <filesystem> <functional> <map> <memory> <mutex>
  <optional> <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>
  <boost/test/unit_test.hpp> <boost/test/data/test_case.hpp> <boost/test/data/monomorphic.hpp>)
target_compile_definitions(wm_test_pch PRIVATE BOOST_TEST_DYN_LINK)
target_link_libraries(wm_test_pch PRIVATE wm_options Boost::unit_test_framework)

# wm_library(warc HEADERS … SOURCES … PUBLIC … PRIVATE …): one library per folder, wm::warc.
# PUBLIC is what its headers name. Each public header is proven to stand alone in the tidy preset.
function(wm_library name)
  cmake_parse_arguments(arg "" "" "HEADERS;SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(wm_${name} STATIC ${arg_SOURCES})
  add_library(wm::${name} ALIAS wm_${name})
  target_sources(wm_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_HEADERS})
  set_target_properties(wm_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  target_link_libraries(wm_${name} PUBLIC ${arg_PUBLIC} PRIVATE wm_options ${arg_PRIVATE})
  target_precompile_headers(wm_${name} REUSE_FROM wm_pch)
endfunction()

function(wm_executable name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE wm_options ${arg_LINK})
  target_precompile_headers(${name} REUSE_FROM wm_pch)
endfunction()

# wm_test(core.warc SOURCES … LINK …): one Boost.Test program and ctest case a folder. SLOW ones are left out by `ctest -LE slow`.
function(wm_test name)
  cmake_parse_arguments(arg "SLOW" "TIMEOUT" "SOURCES;LINK" ${ARGN})
  add_executable(${name}_test ${arg_SOURCES})
  target_compile_definitions(${name}_test PRIVATE BOOST_TEST_DYN_LINK)
  target_link_libraries(${name}_test PRIVATE wm_options ${arg_LINK} wm::test_support Boost::unit_test_framework)
  target_precompile_headers(${name}_test REUSE_FROM wm_test_pch)
  add_test(NAME ${name} COMMAND ${name}_test --log_level=test_suite --catch_system_errors=no)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT "WM_SOURCE_DIR=${PROJECT_SOURCE_DIR};WM_SHARED_DIR=${PROJECT_SOURCE_DIR}/../shared;WM_BINARY=${PROJECT_BINARY_DIR}/server/cli/waymark")
  if(arg_SLOW)
    set_tests_properties(${name} PROPERTIES LABELS slow)
  endif()
endfunction()

# wm_fuzz(http_head SOURCES http_head_fuzz.cc LINK wm::http): seeds in tests/fuzz/seeds/<name>/.
# With WM_FUZZ it is a libFuzzer program; without, the same function runs over its seeds and deterministic mutations of them.
function(wm_fuzz name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(fuzz_${name} ${arg_SOURCES})
  target_link_libraries(fuzz_${name} PRIVATE wm_options ${arg_LINK})
  target_precompile_headers(fuzz_${name} REUSE_FROM wm_pch)
  set(seeds ${PROJECT_SOURCE_DIR}/tests/fuzz/seeds/${name})
  if(WM_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/seed_runner.cc)
    add_test(NAME fuzz.${name} COMMAND fuzz_${name} ${seeds})
    set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 120 LABELS fuzz)
  endif()
endfunction()
