namespace Talweg.Storage;

/// <summary>Checks that the tensors of a header lie one after another and fill the file, without holes or overlap.</summary>
internal static class SafeTensorsLayout
{
    /// <exception cref="InputException">They do not.</exception>
    public static void Check(string path, SafeTensorsHeader header, long fileLength)
    {
        long place = header.DataStart;
        foreach (var entry in header.Entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length))
        {
            if (entry.Offset != place)
            {
                throw new InputException(path, $"tensor '{Quoted.Name(entry.Name)}', data_offsets",
                    $"a beginning at {entry.Offset - header.DataStart}",
                    $"{place - header.DataStart}, where the tensor before it ends: tensors may not overlap or leave holes");
            }
            if (entry.Length > fileLength - place)
            {
                throw new InputException(path, $"tensor '{Quoted.Name(entry.Name)}', data_offsets",
                    $"an end at {entry.Offset + entry.Length - header.DataStart}",
                    $"at most {fileLength - header.DataStart}, the bytes of data in the file; was it cut short?");
            }
            place += entry.Length;
        }
        if (place != fileLength)
        {
            throw new InputException(path, "data", $"{fileLength - header.DataStart} bytes",
                $"{place - header.DataStart}, as the header states; if a recording was interrupted, resuming it cuts off the rest");
        }
    }
}
