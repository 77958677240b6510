namespace Talweg;

/// <summary>Something that the user gave cannot be used: a file, an option, a parameter. The command exits with code 2.</summary>
/// <remarks>The message says where (file or option), which field, what was found and what was expected.</remarks>
public sealed class InputException : Exception
{
    /// <param name="source">The file, option or argument, as the user knows it.</param>
    /// <param name="field">What inside it is wrong: a header field, a tensor's name, a line.</param>
    /// <param name="found">What was found there.</param>
    /// <param name="expected">What Talweg expected, and the way out where there is one.</param>
    public InputException(string source, string field, string found, string expected)
        : base($"{source}: {field}: found {found}, expected {expected}")
    {
        Origin = source;
        Field = field;
    }

    /// <summary>An error whose four parts do not apply; <paramref name="message"/> must still say where and what to do.</summary>
    public InputException(string message)
        : base(message)
    {
    }

    /// <summary>Where it is: the file, option or argument; null where the message does not have four parts.</summary>
    public string? Origin { get; }

    /// <summary>What is wrong there; null likewise.</summary>
    public string? Field { get; }

    /// <summary>The same mistake, told as one of <paramref name="source"/>: who reads a text for somebody else knows where that one wrote it.</summary>
    public InputException At(string source) => Origin is { } origin
        ? new(source + Message[origin.Length..], this, source, Field)
        : new($"{source}: {Message}", this);

    /// <summary>As <see cref="InputException(string)"/>, with its cause.</summary>
    public InputException(string message, Exception cause)
        : base(message, cause)
    {
    }

    private InputException(string message, Exception cause, string origin, string? field)
        : base(message, cause)
    {
        Origin = origin;
        Field = field;
    }
}
