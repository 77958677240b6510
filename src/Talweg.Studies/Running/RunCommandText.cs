namespace Talweg.Studies.Running;

/// <summary>The command that does a run again, or goes on with it.</summary>
/// <remarks>It is put together of what the study declares and the user named, word by word as a shell takes them. The text that a run folder records is never shown: whoever made the folder wrote it.</remarks>
internal static class RunCommandText
{
    /// <param name="study">The study.</param>
    /// <param name="preset">One of its presets.</param>
    /// <param name="parameters">The values; those that the preset gives are left out.</param>
    /// <param name="output">The folder.</param>
    public static string Of(IStudy study, string preset, Parameters parameters, string output)
    {
        var usual = Parameters.Resolve(study, preset, []).Texts.ToDictionary();
        var others = parameters.Texts.Where(value => usual[value.Key] != value.Value);
        return ShellText.Join(["talweg", "run", study.Name, "--preset", preset, .. others.SelectMany(value => (string[])["--set", $"{value.Key}={value.Value}"]), "--out", output]);
    }
}
