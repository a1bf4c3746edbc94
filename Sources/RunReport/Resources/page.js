// The page of a run: its gallery is filtered and sorted here. What it shows is there without this script, too.
"use strict";
