namespace Talweg.Reliability.Tests.Fuzzing.Readers;

/// <summary>What readers' adapters share.</summary>
internal static class FuzzFile
{
    /// <summary>Puts an input into a thread's folder.</summary>
    public static string Write(string folder, string name, byte[] bytes)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The bytes that something writes into a file.</summary>
    public static byte[] Made(string name, Action<string> write)
    {
        using var folders = new FuzzFolders();
        string path = Path.Combine(folders.New("made"), name);
        write(path);
        return File.ReadAllBytes(path);
    }

    public static void Require(bool right, string wrong)
    {
        if (!right)
            throw new WrongAnswerException(wrong);
    }
}
