# Run at every build: writes OUTPUT with VERSION and the commit of SOURCE_DIR, and leaves it alone when nothing changed.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND git --git-dir=${SOURCE_DIR}/.git rev-parse --short=12 HEAD
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(commit "unknown")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT
  "#define CARINA_VERSION \"@VERSION@\"\n#define CARINA_COMMIT \"@commit@\"\n")
