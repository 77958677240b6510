namespace Talweg.Studies;

/// <summary>Files that travel inside the assembly.</summary>
internal static class Resource
{
    /// <summary>The text of the resource called <paramref name="name"/>.</summary>
    public static string Text(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }

    /// <summary>The bytes of the resource called <paramref name="name"/>.</summary>
    public static Stream Open(string name) =>
        typeof(Resource).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The assembly lacks the resource {name}.");
}
