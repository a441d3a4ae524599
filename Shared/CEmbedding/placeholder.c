#include "Placeholder.h"
