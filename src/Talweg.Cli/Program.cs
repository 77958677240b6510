Console.WriteLine("talweg");
