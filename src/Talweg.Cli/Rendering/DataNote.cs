using System.Text.Json;
using Talweg.Data;
using Talweg.Studies.Running;

namespace Talweg.Cli.Rendering;

/// <summary>Which data a command took, for its output and its records.</summary>
/// <param name="Name">As it was asked for.</param>
/// <param name="Checksum">Of the images and labels.</param>
/// <param name="Source">The files.</param>
internal sealed record DataNote(string Name, string Checksum, DatasetSource Source)
{
    public static DataNote Of(Dataset data) => new(data.Name, data.Checksum, data.Source);

    public static DataNote Of(StudyData data) => new(data.Name, data.Checksum, data.Source);

    /// <summary>The property "data".</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("data");
        json.WriteString("name", Name);
        json.WriteString("checksum", Checksum);
        WriteFiles(json, Source);
        json.WriteEndObject();
    }

    /// <summary>The properties "files" and "passed_over" of the data's object.</summary>
    public static void WriteFiles(Utf8JsonWriter json, DatasetSource source)
    {
        json.Texts("files", source.Files);
        json.Texts("passed_over", source.PassedOver);
    }

    /// <summary>One line on standard error.</summary>
    public void Tell(Terminal terminal) => terminal.Tell($"talweg: data: {Name}: {Source}");
}
