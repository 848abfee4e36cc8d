// The headers of this target are all there is: a C target needs one source.
#include "CSystem.h"
