"""From received bytes to outcomes: kept first, then decided and booked once."""
