/** A mistake in the command line: whoever prints it says where the options are explained. */
export class OptionError extends Error {}
