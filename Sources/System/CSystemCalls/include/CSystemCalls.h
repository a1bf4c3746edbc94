// What Swift code needs of the operating system and cannot call itself.
#ifndef CSYSTEMCALLS_H
#define CSYSTEMCALLS_H

#include "file_system.h"
#include "mapped_files.h"
#include "pause.h"

#endif
