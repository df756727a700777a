"""WTForms. The survey form is a loop over the instrument."""
