"""The frame of all screens: start-up, headers, sidebar, fault messages, answers prepared ahead."""
