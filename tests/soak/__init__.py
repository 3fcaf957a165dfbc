"""The soak: laptops and a server at work for long, through faults; nothing may grow but the work itself."""
